"""What a standard may say: pure decisions on plain values."""

from .codes import MOST_CODES, Code, code_faults, codes_of
from .elements import ELEMENT_FIELDS, FORMAT, SET_FIELDS, content_faults, limits_of
from .lifecycle import FROM, step_faults

__all__ = [
    "ELEMENT_FIELDS",
    "FORMAT",
    "FROM",
    "MOST_CODES",
    "SET_FIELDS",
    "Code",
    "code_faults",
    "codes_of",
    "content_faults",
    "limits_of",
    "step_faults",
]
