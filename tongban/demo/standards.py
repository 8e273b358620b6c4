"""The demo city's data standards: those that come with the house, and the divisions of the country as far as their files are at hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tongban.data.catalogue.queries import Filters, catalogue_page
from tongban.data.standards import actions, queries
from tongban.data.standards.rules import Code, codes_of
from tongban.foundation.identity.queries import account, actor_of, staff_who_may
from tongban.foundation.kernel.actors import Actor, installer

DIVISIONS = "XZQH"
SOURCE = "china-division 2.7.0（统计用区划代码，截至 2023-06-30）"
# From the province down; of the lowest two levels whatever lies there: the whole country's as the package has them, else one city's.
FILES = ("provinces.csv", "cities.csv", "areas.csv", "*streets.csv", "*villages.csv")


def load() -> str:
    """What is new. Safe to repeat."""
    actor = installer("standards.write", "standards.review")
    made = actions.load_standards(actor=actor)
    found = list(_divisions(settings.DATA_FOLDER / "divisions"))
    if found:
        made += actions.publish_set(
            actor=actor, kind="code_set", key=DIVISIONS, on=date(2023, 6, 30), codes=found,
            content={"name": "行政区划代码（统计用）", "source": SOURCE, "note": "省、市、县、乡镇街道、村居；不含港澳台"},
        )  # fmt: skip
    return f"{made} 个代码集和数据元，{len(found)} 个区划代码，{_bound()} 个数据项新对照到标准"


def _bound() -> int:
    """Data items of the catalogue are written by the standards that their names leave no doubt of, as each department's steward says;
    the rest waits for him."""
    made, cursor, more = 0, "", True
    while more:
        page = catalogue_page(installer("catalogue.see"), Filters(), cursor=cursor)
        for resource in page:
            steward = staff_who_may(resource.department_id, queries.BIND)
            if steward:
                made += _bound_in(resource.pk, actor_of(account(steward[0][0])))
        cursor, more = page.next, bool(page.next)
    return made


def _bound_in(resource_id: UUID, steward: Actor) -> int:
    _resource, lines = queries.lines_of_resource(actor=steward, entry_id=resource_id)
    return actions.bind_items(actor=steward, pairs={one.item.pk: one.sure.id for one in lines if one.sure})


def _divisions(folder: Path) -> Iterator[Code]:
    for pattern in FILES:
        for path in sorted(folder.glob(pattern))[-1:]:
            with path.open(encoding="utf-8-sig", newline="") as opened:
                yield from codes_of(csv.reader(opened))[0]
