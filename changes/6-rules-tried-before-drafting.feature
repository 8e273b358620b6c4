A data administrator adds sources and elements to a register's rules on a page and sees what they would make of sample rows before sending them for review.
