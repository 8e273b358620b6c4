Rows of the topic stores are found by words through an index: a search among a million rows takes milliseconds instead of reading them all.
