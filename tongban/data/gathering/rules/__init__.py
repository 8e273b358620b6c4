"""How a source is reached, when a job is due and whose fault it is when it is late, which column becomes which, and what has
changed in a source's shape. Pure."""

from .changing import Difference, begins_anew, differences, needs_whole
from .damage import Damage, damage
from .headers import header
from .lateness import DEPARTMENT, PLATFORM, whose
from .mapping import KIND_OF, kind_of_column, plain_name, plain_names, suggested
from .patterns import fits, is_pattern
from .places import FIELDS, LONGEST, LONGEST_FILE, Field, is_elsewhere, kept_secret, place_faults, said_anew
from .schedule import DAYS, is_daily, is_open, next_due, pause
from .shape import Change, changes, needs_asking
from .standardising import MOST_STEPS, STEPS, lines_of, moved, offered, pairs_of, places_of

__all__ = [
    "DAYS",
    "DEPARTMENT",
    "FIELDS",
    "KIND_OF",
    "LONGEST",
    "LONGEST_FILE",
    "MOST_STEPS",
    "PLATFORM",
    "STEPS",
    "Change",
    "Damage",
    "Difference",
    "Field",
    "begins_anew",
    "changes",
    "damage",
    "differences",
    "fits",
    "header",
    "is_daily",
    "is_elsewhere",
    "is_open",
    "is_pattern",
    "kept_secret",
    "kind_of_column",
    "lines_of",
    "moved",
    "needs_asking",
    "needs_whole",
    "next_due",
    "offered",
    "pairs_of",
    "pause",
    "place_faults",
    "places_of",
    "plain_name",
    "plain_names",
    "said_anew",
    "suggested",
    "whose",
]
