"""How a source is reached, when a job is due and whose fault it is when it is late, which column becomes which, and what has
changed in a source's shape. Pure."""

from .headers import header
from .lateness import DEPARTMENT, PLATFORM, whose
from .mapping import KIND_OF, kind_of_column, plain_name, plain_names, suggested
from .places import FIELDS, Field, place_faults
from .schedule import DAYS, is_open, next_due, pause
from .shape import Change, changes, needs_asking

__all__ = [
    "DAYS",
    "DEPARTMENT",
    "FIELDS",
    "KIND_OF",
    "PLATFORM",
    "Change",
    "Field",
    "changes",
    "header",
    "is_open",
    "kind_of_column",
    "needs_asking",
    "next_due",
    "pause",
    "place_faults",
    "plain_name",
    "plain_names",
    "suggested",
    "whose",
]
