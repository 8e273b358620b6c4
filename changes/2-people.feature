Divisions, departments, halls and posts; accounts, persons, companies, mandates, appointments and the rights of each role.
