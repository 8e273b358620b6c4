"""Whether anything has changed in some tables, asked of PostgreSQL without reading what is in them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from psycopg.sql import SQL, Identifier


def mark_of(tables: Iterable[str]) -> str:
    """Another text whenever a row of one of these tables was written, changed or deleted; one query, no columns read.

    A row's place (`ctid`) and the transaction that wrote it there (`xmin`) never stand together for two contents: they are added up
    over all rows. The server's start is told too, since after a restore transactions are numbered again from where the backup ended.
    """
    each = [
        SQL("select {}, count(*), sum(hashtidextended(ctid, xmin::text::bigint)) from {}").format(
            table, Identifier(table)
        )
        for table in tables
    ]
    sums = SQL("select * from ({}) as sums, pg_postmaster_start_time() order by 1").format(
        SQL(" union all ").join(each)
    )
    with connection.cursor() as cursor:
        cursor.execute(sums)
        return str(cursor.fetchall())
