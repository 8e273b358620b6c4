"""Ways to tamper with the audit trail as only somebody with the database's password could."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def guards_down() -> Iterator[Any]:
    """A cursor for which no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("set local session_replication_role = origin")
