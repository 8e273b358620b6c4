"""The topic stores, and what facts come to. Pure."""

from .stores import APPLICANTS, CASES, DEPARTMENT, FOLLOWED, MOMENT, STORES, TRACES, Column, Store, rows_of

__all__ = ["APPLICANTS", "CASES", "DEPARTMENT", "FOLLOWED", "MOMENT", "STORES", "TRACES", "Column", "Store", "rows_of"]
