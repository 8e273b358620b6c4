The lineage picture and its list show class and grade of registers, their elements and the form fields they fill.
