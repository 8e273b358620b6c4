A clerk at any counter compares face and identity card: the account is trusted more, a forgotten password is replaced.
