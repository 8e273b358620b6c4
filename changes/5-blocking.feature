How long anybody waits while the house is looked after is measured: columns, indexes, constraints, months, archiving, clearing, lamps and vacuum (`make bench ONLY=blocking`).
