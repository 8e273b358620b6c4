"""When a job is due, and what has changed in a source's shape. Pure."""

from .schedule import is_open, next_due
from .shape import Change, changes, needs_asking

__all__ = ["Change", "changes", "is_open", "needs_asking", "next_due"]
