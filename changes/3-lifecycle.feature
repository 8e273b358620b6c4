Officials draft, hand in, return, schedule, take back and roll back versions of an item in twos; suspend, cancel, merge and split items with frozen codes.
