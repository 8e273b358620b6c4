The security administrator sees which staff in office have not signed in for 90 days.
