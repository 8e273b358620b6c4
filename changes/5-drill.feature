`tongban drill` restores the newest backup into a second cluster and compares it row for row and file for file; operators see the result.
