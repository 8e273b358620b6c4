"""Whose attempts there were, for those who watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from tongban.foundation.kernel.secrets import blind_index

from .models import Attempt


def mark_of(text: str) -> str:
    """The keyed fingerprint by which a caller is known again; empty for nothing."""
    return blind_index(text) if text else ""


@dataclass(frozen=True)
class Crowd:
    """Attempts of one kind by one caller: how many, from when to when."""

    who: str
    count: int
    first: datetime
    last: datetime


def crowds(kind: str, *, by: str, since: datetime, most: int) -> list[Crowd]:
    """Who of `by` (`account` or `address`) made at least `most` attempts of a kind since a moment."""
    field = {"account": "account_id", "address": "address"}[by]
    rows = Attempt.objects.filter(kind=kind, at__gte=since).exclude(**{field: None} if by == "account" else {field: ""})
    found = rows.values(field).annotate(n=Count("id"), first=Min("at"), last=Max("at")).filter(n__gte=most)
    return [Crowd(str(row[field]), row["n"], row["first"], row["last"]) for row in found.order_by(field)]


def attempts(
    kind: str, *, account_id: UUID | None = None, address: str = "", since: datetime, until: datetime, most: int = 200
) -> list[Attempt]:
    """The newest attempts of one caller in a period, for the page that shows what stands behind an alert."""
    whose: Any = Q(account_id=account_id) if account_id else Q(address=address)
    return list(Attempt.objects.filter(whose, kind=kind, at__gte=since, at__lte=until).order_by("-at")[:most])
