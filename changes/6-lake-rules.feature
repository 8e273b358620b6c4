The lake counts any number of rules in one pass over a dataset, asks them of rows that come in and puts those aside that offend, and makes values alike by steps a steward chooses.
