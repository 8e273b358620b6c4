"""The district's published list: imported as it is, put right by its departments."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import departments_of
from tongban.services.items.errors import CorrectionRefused
from tongban.services.items.models import ListedCorrection, ListedItem, ServiceItem
from tongban.services.items.queries import in_force_items
from tongban.services.items.rules.listed import FIELDS, Flag, Neighbours, flags_of, name_key

from .basic import link_basic
from .changed import touch

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

# Column of the list → our field. What the list has beyond these stays in `original`.
COLUMNS = {
    "name": "name",
    "main_item": "main_item",
    "item_code": "item_code",
    "task_type": "task_type",
    "area_code": "area_code",
    "dept_code": "department_code",
    "department": "department_name",
}
JUDGED = ["flags", "flag_count", "department"]
LONGEST = {"name": 500, "main_item": 500, "item_code": 80, "task_type": 10, "area_code": 20, "department_code": 40}


@transaction.atomic
def import_listed(actor: Actor, path: Path) -> dict[str, int]:
    """Take in the list; answers how many rows are `new`, `changed`, `same`, `gone`.

    Every row is kept, whatever is wrong with it. A field its department has put right keeps the correction; a row that
    is no longer in the list stays, marked as gone. Importing the same list again changes nothing.
    """
    permit(actor, "items.manage")
    known = {row.code: row for row in ListedItem.objects.select_for_update().filter(source=path.stem)}
    corrected: dict[UUID, set[str]] = {}
    for listed_id, field in ListedCorrection.objects.filter(listed__source=path.stem).values_list("listed", "field"):
        corrected.setdefault(listed_id, set()).add(field)
    counts = dict.fromkeys(("new", "changed", "same", "gone"), 0)
    seen: set[str] = set()
    fresh, changed = [], []
    with path.open(newline="", encoding="utf-8-sig") as lines:
        for position, original in enumerate(csv.DictReader(lines), start=1):
            code = _row_code(original, seen)
            seen.add(code)
            row = known.get(code)
            if row is None:
                fresh.append(_filled(ListedItem(source=path.stem, code=code), original, position, set()))
            elif (row.original, row.position, row.is_present) != (original, position, True):
                changed.append(_filled(row, original, position, corrected.get(row.pk, set())))
            else:
                counts["same"] += 1
    gone = [row for code, row in known.items() if code not in seen and row.is_present]
    counts |= {"new": len(fresh), "changed": len(changed), "gone": len(gone)}
    ListedItem.objects.filter(pk__in=[row.pk for row in gone]).update(is_present=False)
    if fresh or changed or gone:
        present = [row for code, row in known.items() if code in seen] + fresh
        new = {id(row) for row in fresh}
        judged = [row for row in _judge(present) if id(row) not in new]
        ListedItem.objects.bulk_create(fresh)
        ListedItem.objects.bulk_update(changed, ["original", "position", "is_present", "name_key", *COLUMNS.values()])
        ListedItem.objects.bulk_update(judged, JUDGED, batch_size=200)
        link_listed(path.stem)
        touch()
        record("items.listed_imported", actor=actor, subject=f"list:{path.stem}"[:80], data=counts)
    return counts


def _row_code(original: dict[str, Any], seen: set[str]) -> str:
    """What re-imports recognise a row by: its item code, or that and a number when the list repeats it."""
    base = (original.get("item_code") or "row")[:70]
    code, number = base, 1
    while code in seen:
        number += 1
        code = f"{base}~{number}"
    return code


def _filled(row: ListedItem, original: dict[str, Any], position: int, corrected: set[str]) -> ListedItem:
    """The row with what the list says, except where its department has put it right."""
    row.original, row.position, row.is_present = original, position, True
    for column, field in COLUMNS.items():
        if field not in corrected:
            setattr(row, field, (original.get(column) or "")[: LONGEST.get(field, 100)])
    row.name_key = name_key(row.name)
    return row


def _judge(rows: list[ListedItem]) -> list[ListedItem]:
    """Judge all rows of a list (a row's flags depend on its neighbours); answers those whose flags or department changed."""
    offices = departments_of()
    departments = {office.short_name: office.pk for office in offices} | {office.name: office.pk for office in offices}
    values = [{name: getattr(row, name) for name in COLUMNS.values()} for row in rows]
    beside = Neighbours.of(list(values))
    changed = []
    for row, value in zip(rows, values, strict=True):
        department_id = departments.get(row.department_name)
        found = flags_of(value, beside, area_code=settings.CITY_DIVISION)
        if department_id is None:
            found.append(Flag("department_unknown", "department_name", {"words": row.department_name}))
        flags = [flag.stored() for flag in found]
        if (flags, department_id) != (row.flags, row.department_id):
            row.flags, row.flag_count, row.department_id = flags, len(flags), department_id
            changed.append(row)
    return changed


def link_listed(source: str) -> int:
    """Tie the rows of a list to the items that carry their name; answers how many ties are new."""
    items = {name_key(version.content["task_name"]): version.item_id for version in in_force_items()}
    free = ListedItem.objects.filter(source=source, item=None, name_key__in=list(items))
    for row in free:
        row.item_id = items[row.name_key]
    return ListedItem.objects.bulk_update(free, ["item"]) if free else 0


def link_item(item: ServiceItem, task_name: str) -> int:
    """Tie the rows that carry one item's name to it, and the lines of the basic list it takes up."""
    link_basic(item, task_name)
    return ListedItem.objects.filter(item=None, name_key=name_key(task_name)).update(item=item)


@transaction.atomic
def correct_listed(*, actor: Actor, listed_id: UUID, changes: dict[str, str], reason: str = "") -> ListedItem:
    """Put fields of a row right. The old values stay, and so does the row as it came."""
    row = find(ListedItem.objects.select_for_update(), pk=listed_id)
    permit(actor, "items.correct", department_id=row.department_id)
    changes = {field: value.strip() for field, value in changes.items() if value.strip() != getattr(row, field, None)}
    if reasons := list(_why_not(changes)):
        raise CorrectionRefused(reasons=reasons)
    for field, value in changes.items():
        ListedCorrection.objects.create(
            listed=row,
            field=field,
            old=getattr(row, field),
            new=value,
            reason=reason.strip()[:200],
            made_at=now(),
            made_by=actor.account_id,
        )
        setattr(row, field, value)
    row.name_key = name_key(row.name)
    row.save(update_fields=[*changes, "name_key"])
    present = list(ListedItem.objects.filter(source=row.source, is_present=True))
    ListedItem.objects.bulk_update(_judge(present), JUDGED, batch_size=200)
    link_listed(row.source)
    touch()
    record("items.listed_corrected", actor=actor, subject=row, data={"fields": sorted(changes)})
    row.refresh_from_db()
    return row


def _why_not(changes: dict[str, str]) -> Iterable[Reason]:
    if not changes:
        yield Reason("nothing_changed", _("没有改动任何内容。"))
    for field, value in changes.items():
        if field not in FIELDS:
            yield Reason("field_fixed", _("这一栏不能更正。"), field)
        elif len(value) > LONGEST[field]:
            yield Reason("too_long", _("内容太长，请缩短。"), field)
        elif field in ("name", "item_code") and not value:
            yield Reason("empty", _("这一栏不能留空。"), field)


@transaction.atomic
def check_listed(*, actor: Actor, listed_id: UUID) -> ListedItem:
    """Say that somebody has looked at the row and it may stay as it is; flags are kept."""
    row = find(ListedItem.objects.select_for_update(), pk=listed_id)
    permit(actor, "items.correct", department_id=row.department_id)
    row.checked_at, row.checked_by = now(), actor.account_id
    row.save(update_fields=["checked_at", "checked_by"])
    record("items.listed_checked", actor=actor, subject=row, data={"flags": row.flag_count})
    return row
