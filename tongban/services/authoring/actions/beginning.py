"""Beginning a draft: from nothing, from the basic list, from the published list, from another item."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.drafting.actions import begin
from tongban.foundation.drafting.errors import DraftUnderWay
from tongban.foundation.drafting.queries import keys_in_use, under_way
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.unseen import UNSEEN
from tongban.foundation.organisations.queries import department, halls_of
from tongban.services.authoring.errors import NewItemRefused
from tongban.services.authoring.queries import KIND, VERB
from tongban.services.authoring.rules import skeleton
from tongban.services.items.queries import (
    beginning_from_basic,
    beginning_of,
    content_of,
    free_code,
    items_of,
    listed_row,
    revisable,
)

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.organisations.models import Department

AREA = re.compile(r"(0\d{2,3})-")
CATALOG_CODE = re.compile(r"[0-9A-Z]{12}")


@transaction.atomic
def begin_item(
    actor: Actor, department_id: UUID, source: str = "", ref: str = "", *, name: str = "", catalog_code: str = ""
) -> Draft:
    """Open a draft of an item with everything filled in that is already known.

    `source`: empty (then `name` is needed, and `catalog_code` helps), `basic` (a line of the basic list), `listed` (a row
    of the published list), `item` (the code of a published item, suspended or not: one's own begins its next version, another department's
    is copied and the differences stay visible).
    """
    office = department(department_id)
    permit(actor, VERB, department_id=office.pk, division=office.division_id)
    if source == "item":
        return _from_item(actor, office, ref)
    known = SOURCES[source](actor, office, ref, UNSEEN.sub("", name).strip(), catalog_code.strip().upper())
    base_ref = f"{source}:{ref}" if source else ""
    if base_ref and (draft_id := under_way(KIND, base_ref)):
        raise DraftUnderWay(draft_id=draft_id)
    content = skeleton(known, **_at(office))
    content["code"] = _code(content["code"])
    return begin(
        actor=actor, kind=KIND, key=content["code"], title=content["task_name"], department_id=office.pk, verb=VERB,
        content=content, base_ref=base_ref,
    )  # fmt: skip


def _code(code: str) -> str:
    """The code itself, or with a number where another draft has it already."""
    taken, number, free = keys_in_use(KIND, code), 1, code
    while free in taken:
        number += 1
        free = f"{code}-{number}"
    return free


def _from_name(actor: Actor, office: Department, ref: str, name: str, catalog_code: str) -> dict[str, Any]:
    reasons = []
    if not 2 <= len(name) <= 200:
        reasons.append(Reason("name", _("请写事项名称，2到200个字。"), "name"))
    if catalog_code and not CATALOG_CODE.fullmatch(catalog_code):
        reasons.append(
            Reason("catalog_code", _("基本编码是12位数字或大写字母；还不知道的可以先不填。"), "catalog_code")
        )
    if reasons:
        raise NewItemRefused(reasons=reasons)
    return beginning_of(name, office.pk, catalog_code)


def _from_basic(actor: Actor, office: Department, ref: str, name: str, catalog_code: str) -> dict[str, Any]:
    return beginning_from_basic(actor, ref, office.pk)


def _from_listed(actor: Actor, office: Department, ref: str, name: str, catalog_code: str) -> dict[str, Any]:
    row = listed_row(actor, ref)
    return beginning_of(row.name[:200], office.pk, catalog_code)


SOURCES: dict[str, Callable[..., dict[str, Any]]] = {"": _from_name, "basic": _from_basic, "listed": _from_listed}


def _from_item(actor: Actor, office: Department, code: str) -> Draft:
    """The next version of one's own item, or a copy of another department's."""
    version = revisable(code)
    base = content_of(version.pk)
    own = version.item.department_id == office.pk
    content = base | {"effective_on": today().isoformat()}
    if own:
        content = content | {"version": base["version"] + 1}
    else:
        here = skeleton(beginning_of(base["task_name"], office.pk), **_at(office))
        local = ("code", "department", "locations", "consult_phone", "complaint_phone", "use_level", "letters")
        content = content | {name: here[name] for name in local} | {"task_code": "", "version": 1, "sample": False}
        content["code"] = _code(free_code(base["task_name"]))
    content.pop("dept_code", None)
    base_ref = f"{code}@{version.version}"
    return begin(
        actor=actor, kind=KIND, key=content["code"], title=content["task_name"], department_id=office.pk, verb=VERB,
        content=content, base={key: value for key, value in base.items() if key != "dept_code"}, base_ref=base_ref,
    )  # fmt: skip


def _at(office: Department) -> dict[str, Any]:
    """What a department's place says: its level, area code, the word in its letters, the hall people come to."""
    area = AREA.match(office.phone)
    halls = sorted(halls_of(office.division_id), key=lambda hall: hall.division_id != office.division_id)
    return {
        "level": office.division.level,
        "area": area.group(1) if area else "",
        "abbreviation": _abbreviation(office),
        "places": [
            {"hall": hall.name, "window": "", "address": hall.address, "hours": hall.hours, "phone": office.phone}
            for hall in halls[:1]
        ],
    }


def _abbreviation(office: Department) -> str:
    """机关代字, as the department's other items have it; else its short name."""
    for item in items_of(office.pk):
        for version in item.versions.all():
            if word := version.content.get("letters", {}).get("abbreviation"):
                return str(word)
    return office.short_name
