A department finds the conflicts that were sent back to it in a list of its own and answers each: corrected, or right as it was.
