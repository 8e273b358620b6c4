"""Items and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml
from django.db.models import Prefetch, Q

from tongban.foundation.drafting.queries import open_draft
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.versions import DatedVersion, in_force
from tongban.services.items.errors import ItemNotFound, ItemNotInForce
from tongban.services.items.models import Catalogue, CodeTable, ItemVersion, ServiceItem

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

PUBLISHED = DatedVersion.Status.PUBLISHED


def item_by_code(code: str) -> ServiceItem:
    """The item with its department, whatever its status."""
    try:
        return ServiceItem.objects.select_related("department").get(code=code)
    except ServiceItem.DoesNotExist:
        raise ItemNotFound from None


def _offered(day: date) -> Q:
    """Versions of items that can be applied for on a day."""
    lasting = Q(item__ends_on=None) | Q(item__ends_on__gt=day)
    return lasting & Q(item__status=ServiceItem.Status.IN_USE)


def published(code: str, on: date | None = None) -> ItemVersion:
    """The version of an item that holds on a day (today), its item loaded. A suspended or cancelled item has none."""
    day = on or today()
    rows = ItemVersion.objects.select_related("item").filter(_offered(day), item__code=code)
    found = in_force(rows, day)
    if found is None:
        raise ItemNotInForce if ServiceItem.objects.filter(code=code).exists() else ItemNotFound
    return found


def version(version_id: UUID | str) -> ItemVersion:
    """One version, its item and department loaded, published or not."""
    return find(ItemVersion.objects.select_related("item__department"), pk=version_id)


@lru_cache(maxsize=512)
def _content(version_id: UUID) -> dict[str, Any]:
    return find(ItemVersion.objects.filter(status=PUBLISHED).only("content"), pk=version_id).content


def content_of(version_id: UUID | str) -> dict[str, Any]:
    """The definition in a published version. Kept in this process, for it can never change: do not change it either."""
    return _content(version_id if isinstance(version_id, UUID) else UUID(version_id))


def in_force_items(on: date | None = None) -> list[ItemVersion]:
    """The version in force of every item in use, item and department loaded, in two queries."""
    day = on or today()
    rows = ItemVersion.objects.filter(status=PUBLISHED, effective_on__lte=day)
    newest = rows.order_by("item_id", "-effective_on", "-version").distinct("item_id")
    found = newest.filter(_offered(day)).select_related("item__department")
    return sorted(found, key=lambda row: row.item.code)


def items_of(department_id: UUID) -> list[ServiceItem]:
    """Items of a department by code, their versions loaded newest first."""
    versions = Prefetch("versions", ItemVersion.objects.order_by("-effective_on", "-version"))
    return list(ServiceItem.objects.filter(department=department_id).order_by("code").prefetch_related(versions))


def department_of(code: str) -> UUID:
    """The department that handles an item."""
    return item_by_code(code).department_id


def stamp() -> int:
    """Rises with every change of the catalogue."""
    return Catalogue.objects.filter(pk=1).values_list("stamp", flat=True).first() or 0


@lru_cache(maxsize=8)
def _tables(_stamp: int, on: date) -> dict[str, dict[str, str]]:
    rows = CodeTable.objects.filter(status=PUBLISHED, effective_on__lte=on)
    newest = rows.order_by("key", "-effective_on", "-version").distinct("key")
    return {table.key: table.content for table in newest}


@cache
def packaged_tables() -> dict[str, dict[str, str]]:
    path = Path(__file__).resolve().parents[1] / "data" / "code_tables.yaml"
    return {table["key"]: table["codes"] for table in yaml.safe_load(path.read_text())}


def code_tables(on: date | None = None) -> Mapping[str, Mapping[str, str]]:
    """Every dictionary of codes as it holds on a day: key → code → Chinese name; the packaged ones where none is loaded."""
    return packaged_tables() | _tables(stamp(), on or today())


def questions_asked(actor: Actor, code: str) -> list[str]:
    """The labels of the questions in an item's form: those of the open draft the actor may see, else of its newest version."""
    draft = open_draft(actor, "item", code)
    newest = None if draft else ItemVersion.objects.filter(item__code=code).order_by("-version").first()
    content = draft.content if draft else newest.content if newest else {}
    groups = (content.get("form") or {}).get("groups") or []
    fields = [field for group in groups for field in group.get("fields") or []]
    return list(
        dict.fromkeys(field["label"] for field in fields if field.get("label") and field.get("type") != "notice")
    )
