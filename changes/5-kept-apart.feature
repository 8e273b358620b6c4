The database itself refuses that one account holds two administrators' posts, or one beside another post, whoever writes the row.
