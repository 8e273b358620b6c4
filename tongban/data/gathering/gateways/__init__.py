"""Sources of each kind, reached through one registry: what tables it has, what columns, and the next part of one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tongban.data.lake.errors import NoRoom
from tongban.foundation.kernel.durable import is_full

from . import apis, databases, folders
from .folders import put_file
from .looked import forget_old
from .reading import Page, Reader, Table

KINDS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Reader]] = {
    "postgresql": databases.PostgreSQL,
    "mysql": databases.MySQL,
    "sqlite": databases.SQLite,
    "files": folders.Files,
    "api": apis.API,
    "sftp": lambda place, secret: _late("sftp").SFTP(place, secret),
    "s3": lambda place, secret: _late("s3").S3(place, secret),
}


def _late(module: str) -> Any:
    """A module whose library takes a second to load, when the first source needs it and not when a process starts."""
    return importlib.import_module(f".{module}", __package__)


@contextmanager
def reader(kind: str, place: Mapping[str, Any], secret: Mapping[str, Any]) -> Iterator[Reader]:
    """An open source, closed at the end. Raises `SourceAway` or `SourceUnreadable`, and `NoRoom` where a copy of ours fills the disk."""
    opened = KINDS[kind](place, secret)
    try:
        yield opened
    except OSError as fault:
        if is_full(fault):
            raise NoRoom from None
        raise
    finally:
        opened.close()


__all__ = ["KINDS", "Page", "Reader", "Table", "forget_old", "put_file", "reader"]
