`tongban demo many 10000000` makes ten million invented cases with a million people and a hundred thousand companies behind them, in the database itself; it can be taken up where it was left.
