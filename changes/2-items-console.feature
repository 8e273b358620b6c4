Departments check and correct their rows of the published list in the console, with the old value, the reason and the name kept.
