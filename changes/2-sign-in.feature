Citizens register with name and ID number; sign-in by password, dynamic code, passkey or recovery code; staff posts open only after a second factor; five wrong passwords lock an account.
