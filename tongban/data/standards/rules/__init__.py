"""What a standard may say: pure decisions on plain values."""

from .codes import MOST_CODES, Code, code_faults, codes_of
from .elements import ELEMENT_FIELDS, FORMAT, SET_FIELDS, content_faults, limits_of
from .lifecycle import FROM, mark_of, step_faults
from .suggesting import LIKELY, SURE, Known, likely, names_of

__all__ = [
    "ELEMENT_FIELDS",
    "FORMAT",
    "FROM",
    "LIKELY",
    "MOST_CODES",
    "SET_FIELDS",
    "SURE",
    "Code",
    "Known",
    "code_faults",
    "codes_of",
    "content_faults",
    "likely",
    "limits_of",
    "mark_of",
    "names_of",
    "step_faults",
]
