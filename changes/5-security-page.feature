docs/security.md: every application control of 等级保护 level 3 with its code, its test and what is open.
