"""The topic stores, and what facts come to. Pure."""

from .stores import (
    APPLICANTS,
    CASE,
    CASES,
    CODE,
    COUNT,
    DEPARTMENT,
    FACT,
    FOLLOWED,
    ITEM,
    MOMENT,
    PROJECTS,
    STORES,
    TRACES,
    Column,
    Store,
    rows_of,
)

__all__ = [
    "APPLICANTS",
    "CASE",
    "CASES",
    "CODE",
    "COUNT",
    "DEPARTMENT",
    "FACT",
    "FOLLOWED",
    "ITEM",
    "MOMENT",
    "PROJECTS",
    "STORES",
    "TRACES",
    "Column",
    "Store",
    "rows_of",
]
