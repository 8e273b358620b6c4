A migration stands before others for less than a second and tries again; those that would hold up a table of millions of rows are refused by a test.
