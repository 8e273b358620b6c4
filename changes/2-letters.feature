Letters are numbered without gaps, dated, typeset in Chinese as accessible PDF, and can be verified by the code printed on them.
