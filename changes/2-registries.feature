A small population and legal-person register, each value with its source and day; every look is recorded with purpose and case.
