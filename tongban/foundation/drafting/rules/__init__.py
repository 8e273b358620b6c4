"""How a document changes: patches with their inverse, what touches what, and the difference of two documents."""

from .changes import Change, changes
from .history import Entry, standing_since, undoable
from .patch import BadPatch, Outcome, apply, perform, touches, value_at
from .text import tidied, tidied_ops

__all__ = [
    "BadPatch",
    "Change",
    "Entry",
    "Outcome",
    "apply",
    "changes",
    "perform",
    "standing_since",
    "tidied",
    "tidied_ops",
    "touches",
    "undoable",
    "value_at",
]
