At the counter a clerk goes on in an applicant’s draft, or begins one: with his card and his word, filled in from the registers, saved while typing, taken back by him at any time.
