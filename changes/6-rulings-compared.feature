A version of a register's rules shows what it says otherwise than the version in force, or than the one before it.
