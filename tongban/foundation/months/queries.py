"""Which months there are, at hand and archived."""

from __future__ import annotations

from datetime import date

from django.core.files.storage import default_storage

from . import gateways
from .rules import Month


def months_of(table: str) -> list[Month]:
    """The parts of a table that are in the database."""
    return gateways.parts_of(table)


def archived(table: str) -> list[date]:
    """The months whose files lie in the store."""
    try:
        _folders, names = default_storage.listdir("months")
    except FileNotFoundError:
        return []
    stems = [name.removesuffix(".jsonl.gz").removeprefix(f"{table}-") for name in names if name.startswith(f"{table}-")]
    return sorted(date.fromisoformat(f"{stem}-01") for stem in stems)
