A member of staff sees graded data only up to his clearance, which the security administrator gives; gathered values above it are masked, registers and whole ID numbers ask for grade 3.
