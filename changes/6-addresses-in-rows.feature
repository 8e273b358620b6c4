Standard addresses are offered and taken within rows of a form's tables as well, and at the counter, where the clerk takes one for the applicant's draft.
