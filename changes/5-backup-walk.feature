The backup looks every ten seconds only at folders whose time has moved and asks only files that are new there; once a day, and after every start, it looks at all of them.
