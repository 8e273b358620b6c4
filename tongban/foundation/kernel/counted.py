"""Figures counted over and over: only what has changed is written, so that no table of them fills with dead rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet


def put_lines(kept: QuerySet[Any], lines: Iterable[Mapping[str, Any]]) -> int:
    """Make the rows of `kept` say `lines` and nothing else; how many these are. In the caller's transaction, under his lock."""
    wanted = {tuple(line.values()): line for line in lines}
    names = list(next(iter(wanted.values()), {}))
    standing = {pk: tuple(said) for pk, *said in kept.values_list("pk", *names)}
    kept.filter(pk__in=[pk for pk, said in standing.items() if said not in wanted]).delete()
    fresh = wanted.keys() - set(standing.values())
    kept.model.objects.bulk_create(kept.model(**line) for said, line in wanted.items() if said in fresh)
    return len(wanted)
