A material's or fee's condition is chosen: question and answer, no expression to type.
