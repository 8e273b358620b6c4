"""What the files are given to: the store they lie in, the scanner that looks for malicious programs."""
