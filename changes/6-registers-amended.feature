A register's title and the department that keeps it can be changed: one administrator asks, another agrees.
