Large files are gathered more than twice as fast: they are read by all threads and written as they are read, and the first load of a dataset compares nothing.
