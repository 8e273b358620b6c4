"""The basic list: taken in from the lists the district has, and tied to the items that took a line of it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.organisations.queries import departments_of
from tongban.services.items.models import BasicItem, ListedItem, ServiceItem
from tongban.services.items.queries import code_tables, in_force_items
from tongban.services.items.rules.basic import bare_name, basic_code, levels_in
from tongban.services.items.rules.codes import TASK_CODE_LENGTH
from tongban.services.items.rules.listed import UNSORTED, name_key

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


@dataclass(frozen=True)
class BasicRow:
    """One line as a list has it; `line` is the department's name there."""

    code: str
    name: str
    task_type: str = ""
    catalog_code: str = ""
    main_item: str = ""
    line: str = ""
    basis: list[dict[str, Any]] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)


@transaction.atomic
def import_basic(
    *, actor: Actor, rows: Iterable[BasicRow], source: str, effective_on: date | None = None
) -> dict[str, int]:
    """Take a basic list in from a day on; answers how many lines are `new`, `changed`, `same`, `gone`.

    A changed line becomes its next version, a line the list no longer has ends on that day; nothing is overwritten.
    """
    permit(actor, "items.manage")
    day = effective_on or today()
    holding = {row.code: row for row in BasicItem.objects.select_for_update().filter(superseded_on=None)}
    offices = {name: office.pk for office in departments_of() for name in (office.short_name, office.name)}
    counts = dict.fromkeys(("new", "changed", "same", "gone"), 0)
    fresh, ended, seen = [], [], set()
    for position, row in enumerate(rows, start=1):
        old = holding.get(row.code)
        if row.code in seen or (old is not None and old.source != source):
            counts["same"] += 1  # another list, or an earlier line, already says it
            continue
        seen.add(row.code)
        new = _line(row, source=source, position=position, day=day, department_id=offices.get(row.line))
        if old is not None and _says_the_same(old, row):
            counts["same"] += 1
            continue
        counts["new" if old is None else "changed"] += 1
        if old is not None:
            new.version, new.item_id = old.version + 1, old.item_id
            ended.append(old.pk)
        fresh.append(new)
    gone = [row.pk for row in holding.values() if row.source == source and row.code not in seen]
    counts["gone"] = len(gone)
    BasicItem.objects.filter(pk__in=ended + gone).update(superseded_on=day)
    BasicItem.objects.bulk_create(fresh)
    link_basic()
    if fresh or gone:
        record("items.basic_imported", actor=actor, subject=f"basic:{source}"[:80], data=counts)
    return counts


def _line(row: BasicRow, *, source: str, position: int, day: date, department_id: UUID | None) -> BasicItem:
    return BasicItem(
        **asdict(row),
        version=1,
        effective_on=day,
        name_key=name_key(row.name),
        source=source,
        position=position,
        department_id=department_id,
    )


def _says_the_same(old: BasicItem, row: BasicRow) -> bool:
    return all(getattr(old, name) == value for name, value in asdict(row).items())


def basic_rows_of_listed() -> list[BasicRow]:
    """What the district's published list lets one know of the basic list: codes, names, types, departments, levels."""
    types = code_tables()["listed_task_type"]
    return [
        BasicRow(
            code=basic_code(row.item_code),
            name=bare_name(row.name) or row.name,
            task_type=types.get(row.task_type, ""),
            main_item="" if row.main_item in UNSORTED else row.main_item,
            line=row.department_name,
            levels=levels_in(row.name),
        )
        for row in ListedItem.objects.filter(is_present=True).order_by("position")
    ]


def basic_rows_of_definitions() -> list[BasicRow]:
    """What the implementation lists in force say of the national basic list: codes with their legal basis."""
    return [
        BasicRow(
            code=content["catalog_code"],
            catalog_code=content["catalog_code"],
            name=content["task_name"],
            task_type=content["task_type"],
            line=content["department"],
            basis=content["by_law"],
            levels=[content["use_level"]],
        )
        for content in (version.content for version in in_force_items())
    ]


def link_basic(item: ServiceItem | None = None, task_name: str = "") -> int:
    """Tie lines of the basic list to the items that take them up: by the basic code, else by the name; how many are new.

    With an item, only its own lines are looked for.
    """
    free = BasicItem.objects.filter(superseded_on=None, item=None)
    if item is not None:
        mine = Q(name_key=name_key(task_name))
        if len(item.task_code) == TASK_CODE_LENGTH:
            mine |= Q(catalog_code=item.task_code[19:])
        return free.filter(mine).update(item=item)
    by_code: dict[str, UUID] = {}
    by_name: dict[str, UUID] = {}
    for version in in_force_items():
        by_code[version.content["catalog_code"]] = version.item_id
        by_name[name_key(version.content["task_name"])] = version.item_id
    tied = []
    for row in free:
        row.item_id = by_code.get(row.catalog_code) or by_name.get(row.name_key)
        if row.item_id:
            tied.append(row)
    return BasicItem.objects.bulk_update(tied, ["item"], batch_size=500) if tied else 0
