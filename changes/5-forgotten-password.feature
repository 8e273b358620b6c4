Whoever forgot his password sets a new one by himself: name, number and phone, a code by SMS, and the second factor of those who have one; all sessions end and he is told.
