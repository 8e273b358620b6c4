Releases are signed with the house's SM2 key; a real city starts only with a program that is as it was signed.
