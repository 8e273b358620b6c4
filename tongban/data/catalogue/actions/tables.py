"""Loading dictionaries and hearing of items' results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from tongban.data.catalogue.models import ItemResult, ValueTable
from tongban.data.catalogue.queries.tables import packaged_tables
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today


@transaction.atomic
def load_value_tables(
    *, actor: Actor, tables: Mapping[str, Mapping[str, str]] | None = None, effective_on: date | None = None
) -> int:
    """Take dictionaries in from a day on; each that differs becomes its next version. Says how many did."""
    permit(actor, "catalogue.publish")
    given, loaded = tables or packaged_tables(), 0
    for key, content in given.items():
        newest = ValueTable.objects.filter(key=key).order_by("-version").first()
        digest = sm3(canonical(content))
        if newest is not None and newest.digest == digest:
            continue
        ValueTable.objects.create(
            key=key, version=newest.version + 1 if newest else 1, status=ValueTable.Status.PUBLISHED,
            effective_on=effective_on or today(), published_at=now(), content=content, digest=digest,
        )  # fmt: skip
        loaded += 1
    if loaded:
        record("catalogue.tables_loaded", actor=actor, subject="catalogue:tables", data={"tables": loaded})
    return loaded


@transaction.atomic
def hear_of_item(*, item_code: str, item_name: str, department_id: UUID, results: Iterable[str]) -> None:
    """The service network says what an item gives out now; said again it changes nothing. Called by a reaction, without an actor."""
    names = list(dict.fromkeys(name.strip()[:200] for name in results if name.strip()))
    ItemResult.objects.filter(item_code=item_code).exclude(result__in=names).delete()
    for name in names:
        ItemResult.objects.update_or_create(
            item_code=item_code, result=name, defaults={"item_name": item_name[:1000], "department_id": department_id}
        )
