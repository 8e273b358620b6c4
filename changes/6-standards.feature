Officials keep the city's code sets and data elements in versions with a day, reviewed by a colleague, compared, as files and bound to columns (`/console/standards/`).
