"""Which rules decide an item now: read once for every change of the catalogue, whose stamp rises with each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.foundation.kernel.versions import in_force
from tongban.services.decisions.models import Halt, RuleSet
from tongban.services.items.queries import stamp as catalogue_stamp


@dataclass(frozen=True)
class Standing:
    """The rules that decide an item on a day, as every process keeps them."""

    rule_set_id: UUID
    item_code: str
    department_id: UUID
    division: str
    digest: str
    content: dict[str, Any]


def rule_set_in_force(item_code: str, on: date) -> RuleSet | None:
    """The published rule set of an item that holds on a day, halted or not."""
    return in_force(RuleSet.objects.select_related("department"), on, item_code=item_code)


def is_halted(item_code: str) -> bool:
    return Halt.objects.filter(item_code=item_code, lifted_at=None).exists()


def standing_rules(item_code: str, on: date, stamp: int | None = None) -> Standing | None:
    """The rules that decide an item by itself on a day; None when it has none or is halted.

    `stamp`: the catalogue's, as a caller read it who has the database check it once more when he commits. Without it the
    stamp is read here: one query. Within a transaction nothing is kept: it may yet be rolled back, and its stamp given to
    another change.
    """
    if connection.in_atomic_block:
        return _read(item_code, on)
    return _kept(item_code, on, catalogue_stamp() if stamp is None else stamp)


def forget_rules() -> None:
    """Read every rule set anew: the database says the catalogue has changed since."""
    _kept.cache_clear()


@lru_cache(maxsize=1024)
def _kept(item_code: str, on: date, _stamp: int) -> Standing | None:
    return _read(item_code, on)


def _read(item_code: str, on: date) -> Standing | None:
    found = rule_set_in_force(item_code, on)
    if found is None or is_halted(item_code):
        return None
    office = found.department
    return Standing(found.pk, item_code, office.pk, office.division_id, found.digest, found.content)
