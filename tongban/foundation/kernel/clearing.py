"""Deleting what is many a part at a time, so that nobody waits and vacuum keeps up."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

PART = 1000


def delete_in_parts(rows: QuerySet[Any]) -> int:
    """Delete these rows and what hangs on them; how many in all. Outside a transaction each part is one of its own."""
    done = 0
    while part := list(rows.order_by("pk").values_list("pk", flat=True)[:PART]):
        done += rows.model._default_manager.filter(pk__in=part).delete()[0]
    return done
