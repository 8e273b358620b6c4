"""One prepared statement past the ORM, for the few paths on which thousands may come at once.

Half a millisecond of Python cheaper than the ORM, and no question beforehand whether the connection still stands: if it does
not, it is made anew and the statement sent again. So it must be one that may run twice. Who counts statements by Django's
execute wrappers (`web/measures.py`) counts it like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from django.db import connection, transaction

Values = Sequence[Any] | Mapping[str, Any]
LIMIT, NO_LIMIT = "select set_config('statement_timeout', %s, false)", "reset statement_timeout"


def one_row(statement: str, values: Values, *, limit_ms: int = 0) -> tuple[Any, ...] | None:
    """The first row that a statement answers with, in the caller's transaction or in one of its own.

    `limit_ms`: the database ends it when it takes longer, with `OperationalError`.
    """

    def execute(statement: str, values: Values, *_context: Any) -> tuple[Any, ...] | None:
        return _sent_twice_if_need_be(statement, values, limit_ms)

    for wrapper in reversed(connection.execute_wrappers):
        execute = partial(wrapper, execute)
    return execute(statement, values, False, {"connection": connection})


@contextmanager
def planned_anew() -> Iterator[None]:
    """Statements of the transaction inside are planned for their values each time. A search whose words are rare or in every third row
    wants another plan for each; a prepared one keeps the plan of neither, and may read every row for a word that is nowhere."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local plan_cache_mode = force_custom_plan")
        yield


def _sent_twice_if_need_be(statement: str, values: Values, limit_ms: int) -> tuple[Any, ...] | None:
    connection.ensure_connection()
    with connection.wrap_database_errors:
        try:
            return _sent(statement, values, limit_ms)
        except psycopg.OperationalError:
            if connection.in_atomic_block or not connection.connection.broken:
                raise
        connection.close()
        connection.ensure_connection()
        return _sent(statement, values, limit_ms)


def _sent(statement: str, values: Values, limit_ms: int) -> tuple[Any, ...] | None:
    link = connection.connection
    with psycopg.Cursor(link) as cursor:
        if not limit_ms:
            cursor.execute(statement, values, prepare=True)
            return cursor.fetchone()
        with link.pipeline():  # all three in one round trip; what fails takes the limit back with it
            psycopg.Cursor(link).execute(LIMIT, [str(limit_ms)], prepare=True)
            cursor.execute(statement, values, prepare=True)
            psycopg.Cursor(link).execute(NO_LIMIT, prepare=True)
        return cursor.fetchone()
