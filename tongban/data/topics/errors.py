"""What topic stores refuse: nothing of their own yet."""
