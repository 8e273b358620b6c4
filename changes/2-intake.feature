An application becomes a case in one commit: a double click, a lost answer or a crash gives one case or none.
