Keys for SM2 and P-256 behind one gateway with certificates of our own; records are signed with both, and every check tells its steps.
