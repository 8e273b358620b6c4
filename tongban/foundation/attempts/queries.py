"""Whose attempts there were, for those who watch."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tongban.foundation.kernel.secrets import blind_index

from .models import Attempt


def mark_of(text: str) -> str:
    """The keyed fingerprint by which a caller is known again; empty for nothing."""
    return blind_index(text) if text else ""


def made_since(kind: str, *, by: str, since: datetime, who: str = "") -> list[tuple[str, datetime]]:
    """(who, when) of every attempt of a kind since a moment; who is an account's id or an address's mark, as `by` says."""
    field = {"account": "account_id", "address": "address"}[by]
    rows = Attempt.objects.filter(kind=kind, at__gte=since).exclude(**{field: None} if by == "account" else {field: ""})
    if who:
        rows = rows.filter(**{field: who})
    return [(str(whose), at) for whose, at in rows.order_by("at").values_list(field, "at")]


def attempts(
    kind: str, *, account_id: UUID | None = None, address: str = "", since: datetime, until: datetime, most: int = 200
) -> list[Attempt]:
    """The newest attempts of one caller in a period, for the page that shows what stands behind an alert."""
    whose: Any = Q(account_id=account_id) if account_id else Q(address=address)
    return list(Attempt.objects.filter(whose, kind=kind, at__gte=since, at__lte=until).order_by("-at")[:most])
