"""The shape of a dataset and the statements that fill it: values and text, nothing is run here."""

from .passes import Pass, staging
from .shapes import KINDS, Column, fresh, shape_faults, table
from .statements import apply_changes, bad_rows, compare, counts, faults_counted, put_aside, raw, rewind, size, view
from .works import pass_of, work_faults

__all__ = [
    "KINDS",
    "Column",
    "Pass",
    "apply_changes",
    "bad_rows",
    "compare",
    "counts",
    "faults_counted",
    "fresh",
    "pass_of",
    "put_aside",
    "raw",
    "rewind",
    "shape_faults",
    "size",
    "staging",
    "table",
    "view",
    "work_faults",
]
