Items can decide by themselves: rules over answers and registers, each row with its article and a sentence; whatever is in doubt goes to a person.
