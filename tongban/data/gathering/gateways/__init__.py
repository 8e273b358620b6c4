"""Sources of each kind, reached through one registry: what tables it has, what columns, and the next part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from . import apis, databases, folders
from .folders import put_file
from .reading import Page, Reader, Table

KINDS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Reader]] = {
    "postgresql": databases.PostgreSQL,
    "mysql": databases.MySQL,
    "sqlite": databases.SQLite,
    "files": folders.Files,
    "api": apis.API,
}


@contextmanager
def reader(kind: str, place: Mapping[str, Any], secret: Mapping[str, Any]) -> Iterator[Reader]:
    """An open source, closed at the end. Raises `SourceAway` or `SourceUnreadable`."""
    opened = KINDS[kind](place, secret)
    try:
        yield opened
    finally:
        opened.close()


__all__ = ["KINDS", "Page", "Reader", "Table", "put_file", "reader"]
