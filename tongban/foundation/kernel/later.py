"""Ask for work to be done later, in the caller's transaction: it is waiting once that commits, and never was if it rolls back.

`foundation/tasks` runs the work and shows it to operators; this one statement lies in the kernel so that every room can use
it, `audit` included.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

# The same function serves statements written in SQL: `select tongban_defer('cases.greet', '{"case_id": "…"}')`.
DEFER = "select tongban_defer(%s, %s::jsonb, %s::timestamptz, %s)"


def defer(task: str, *, at: datetime | None = None, lock: str | None = None, **ids: Any) -> int:
    """Have a task run after commit (not before `at`); the job's number comes back.

    Arguments are ids and plain words, never personal data: operators see them. Jobs with one `lock` run one after another.
    """
    with connection.cursor() as cursor:
        cursor.execute(DEFER, [task, json.dumps(ids, default=str), at, lock])
        return int(cursor.fetchone()[0])
