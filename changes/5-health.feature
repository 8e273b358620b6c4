`/health/ready` costs two small queries instead of reading every migration, is true when the database is ahead of the code, and notices a file store that cannot be written.
