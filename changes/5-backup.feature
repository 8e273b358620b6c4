Backups of database, files and keys, closed with the operator's key, with the log as it is written; any moment comes back into an empty folder.
