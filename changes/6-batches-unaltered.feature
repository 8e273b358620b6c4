A batch is read-only on the disk, and one whose files were altered or lost is refused with their names instead of being done anew.
