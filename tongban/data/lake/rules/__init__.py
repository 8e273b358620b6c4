"""The shape of a dataset and the statements that fill it: values and text, nothing is run here."""

from .conditions import (
    COMPARISONS,
    CONDITIONS,
    OF_ROWS,
    aside_rows,
    guarded,
    offending,
    pick_aside,
    still_aside,
    take_aside,
    tally,
)
from .passes import Pass, staging
from .shapes import KINDS, Column, fresh, shape_faults, table
from .statements import apply_changes, bad_rows, compare, counts, faults_counted, put_aside, raw, rewind, size, view
from .steps import STEPS, step_faults
from .works import pass_of, work_faults

__all__ = [
    "COMPARISONS",
    "CONDITIONS",
    "KINDS",
    "OF_ROWS",
    "STEPS",
    "Column",
    "Pass",
    "apply_changes",
    "aside_rows",
    "bad_rows",
    "compare",
    "counts",
    "faults_counted",
    "fresh",
    "guarded",
    "offending",
    "pass_of",
    "pick_aside",
    "put_aside",
    "raw",
    "rewind",
    "shape_faults",
    "size",
    "staging",
    "step_faults",
    "still_aside",
    "table",
    "take_aside",
    "tally",
    "view",
    "work_faults",
]
