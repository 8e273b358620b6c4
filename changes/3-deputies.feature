An officer who will be away names a colleague who acts at his post from one day to another; every record says who acted for whom.
