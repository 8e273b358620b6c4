"""Entries for tests, valid by default. Other rooms may use these in their tests."""

from __future__ import annotations

import itertools
from typing import Any

from tongban.data.catalogue.actions import agree, ask_for_data, begin_entry, hand_in
from tongban.data.catalogue.models import Demand, Entry, Intake, Review, Version
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.organisations.models import Department

_serial = itertools.count(1)
NAME_ITEM = {
    "key": "name", "name": "姓名", "english": "XM", "type": "C", "length": "50", "data_class": "general", "grade": "2",
    "nullable": "0", "is_key": "0",
}  # fmt: skip
KEY_ITEM = NAME_ITEM | {
    "key": "number",
    "name": "公民身份号码",
    "english": "GMSFHM",
    "length": "18",
    "is_key": "1",
    "grade": "3",
}
RESOURCE: dict[str, Any] = {
    "class_item": "307", "entry": "015", "detail": "02", "abstract": "本区老年人优待证的办理情况（示例）。", "format": "3",
    "carriers": ["TABLE"], "channels": ["1"], "cycle": "day", "scenes": ["1"], "domain": "03", "share_type": "2",
    "share_condition": "为履行法定职责需要", "share_modes": ["2"], "open_type": "disallowed", "open_ground_kind": "3",
    "open_ground": "含个人信息", "unit": "办公室", "post": "数据专员", "quality": "完整率不低于99%",
    "item_results": ["elderly-card:老年人优待证"], "items": [KEY_ITEM, NAME_ITEM],
}  # fmt: skip
SYSTEM: dict[str, Any] = {
    "summary": "登记和查询（示例）。", "builder": "区民政局", "users": "区民政局", "level": "4", "channels": ["1"], "state": "2",
    "protection": "3", "hosting": "1", "connected": "0", "unit": "办公室",
}  # fmt: skip


def steward(department: Department | None = None) -> Actor:
    return officer("data_steward", department=department)


def resource_text(**fields: Any) -> dict[str, Any]:
    return RESOURCE | {"name": f"老年人优待信息{next(_serial)}"} | fields


def system_text(**fields: Any) -> dict[str, Any]:
    return SYSTEM | {"name": f"养老服务系统{next(_serial)}"} | fields


def make_draft(actor: Actor | None = None, kind: str = Entry.Kind.RESOURCE, **fields: Any) -> Version:
    """A draft that is fit to be handed in."""
    actor = actor or steward()
    assert actor.department_id is not None
    content = resource_text(**fields) if kind == Entry.Kind.RESOURCE else system_text(**fields)
    return begin_entry(actor=actor, kind=kind, department_id=actor.department_id, content=content)


def agreed(entry: Entry) -> Entry:
    """Let the department's head and the platform agree to what was handed in."""
    review = entry.reviews.latest("id")
    agree(actor=officer("dept_head", department=entry.department), review_id=review.pk)
    agree(actor=officer("data_admin"), review_id=review.pk)
    entry.refresh_from_db()
    return entry


def make_published(actor: Actor | None = None, kind: str = Entry.Kind.RESOURCE, **fields: Any) -> Entry:
    actor = actor or steward()
    version = make_draft(actor, kind, **fields)
    hand_in(actor=actor, entry_id=version.entry_id)
    return agreed(version.entry)


def make_reviewed(actor: Actor | None = None) -> Review:
    """A draft that waits for its department's head."""
    actor = actor or steward()
    return hand_in(actor=actor, entry_id=make_draft(actor).entry_id)


def make_demand(actor: Actor | None = None, **fields: Any) -> Demand:
    given = {
        "title": "核对残疾人证",
        "use": "残疾人补贴",
        "fields": "姓名、证号、等级",
        "basis": "《残疾人保障法》第四十六条",
    }
    given |= {"cycle": "day", "needed_on": today()}
    return ask_for_data(actor=actor or steward(), **given | fields)


def make_intake(actor: Actor | None = None) -> Intake:
    """A file that was looked at and would change nothing."""
    actor = actor or steward()
    assert actor.department_id is not None
    return Intake.objects.create(
        department_id=actor.department_id, name="目录.xlsx", state=Intake.State.READY, made_by=actor.account_id,
        counts={"new": 0, "changed": 0, "same": 0, "faults": 0}, made_at=now(),
    )  # fmt: skip
