An application is made in five steps that work without script, save themselves while one types, fill in what the city knows and lose nothing when a session ends.
