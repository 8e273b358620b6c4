`make bench ONLY=quality`：一千万行、20条规则，和手写 SQL 比。 Twenty rules on ten million rows beside the same by hand.
