`make fuzz` throws made-up calls, pages' forms and files at the whole house: no 5xx, no answer but what the schema tells, no hang; `make test` runs a short form of it.
