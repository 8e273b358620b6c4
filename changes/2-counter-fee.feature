A fee can be paid at the counter: the clerk notes the number of the receipt, so a payer without an account gets his result too.
