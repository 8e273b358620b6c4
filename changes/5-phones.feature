The system administrator changes the phone on record of a member of staff; the old and the new phone are told.
