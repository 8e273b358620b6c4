The district's published list is imported row by row as it is; what is wrong with a row is flagged in words, and its department can put it right with the old value kept.
