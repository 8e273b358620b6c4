"""Rule sets are data; these rules say what the data means. Nothing here knows a framework or a database."""

from .cells import BOOLEAN, DATE, NUMBER, TEXT, TYPES, BadCell, Cell, read
from .deciding import GRANT, OUTCOMES, PERSON, REFUSE, TOO_SLOW, Ground, Weighed, weigh
from .engine import Unreckonable, engine, reckon, rows_by_jdm
from .shape import KINDS, REGISTERS, SOURCES, Fault, faults_of_shape, items_at, kinds_of
from .tables import COLLECT, FIRST, Coverage, Open, Piece, Twice, coverage, expression_of, jdm_of

__all__ = [
    "BOOLEAN",
    "COLLECT",
    "DATE",
    "FIRST",
    "GRANT",
    "KINDS",
    "NUMBER",
    "OUTCOMES",
    "PERSON",
    "REFUSE",
    "REGISTERS",
    "SOURCES",
    "TEXT",
    "TOO_SLOW",
    "TYPES",
    "BadCell",
    "Cell",
    "Coverage",
    "Fault",
    "Ground",
    "Open",
    "Piece",
    "Twice",
    "Unreckonable",
    "Weighed",
    "coverage",
    "engine",
    "expression_of",
    "faults_of_shape",
    "items_at",
    "jdm_of",
    "kinds_of",
    "read",
    "reckon",
    "rows_by_jdm",
    "weigh",
]
