One command each to set up, run, check, test and stop the whole house, as root or as an ordinary user, and a demo city in it.
