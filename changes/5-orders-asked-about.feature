A payment whose bank never called back is asked about every minute, so that money taken is never overlooked.
