An applicant may urge once a day whoever has his case.
