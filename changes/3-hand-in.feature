A draft is handed in from its own page, with the differences to the last version and to its source in words; a returned one opens again by itself.
