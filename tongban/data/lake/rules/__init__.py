"""The shape of a dataset and the statements that fill it: values and text, nothing is run here."""

from .passes import Pass, staging
from .shapes import KINDS, Column, fresh, quoted, shape_faults, table
from .statements import apply_changes, bad_rows, compare, counts, literal, put_aside, raw, rewind, size, view

__all__ = [
    "KINDS",
    "Column",
    "Pass",
    "apply_changes",
    "bad_rows",
    "compare",
    "counts",
    "fresh",
    "literal",
    "put_aside",
    "quoted",
    "raw",
    "rewind",
    "shape_faults",
    "size",
    "staging",
    "table",
    "view",
]
