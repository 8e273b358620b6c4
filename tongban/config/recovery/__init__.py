"""Backup, restore, drill and standby: what stands between the city and the loss of a machine (docs/operations.md)."""
