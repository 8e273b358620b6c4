"""Licence types and licences, valid by default. Other rooms may use these in their tests."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from tongban.foundation.drafting.actions import edit
from tongban.foundation.identity.queries import identity_card
from tongban.foundation.identity.tests.factories import id_number, officer
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import today
from tongban.services.licences.actions import (
    Holder,
    allow,
    ask_scene,
    begin_gathering,
    design_type,
    finish_step,
    gather,
    hand_in_type,
    issue,
    load_type,
    make_copy,
)
from tongban.services.licences.rules.types import complete

if TYPE_CHECKING:
    from uuid import UUID

    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.licences.models import Batch, Copy, Gathering, Grant, Licence, LicenceType, Scene

DEFINER = "11510000LA5100018L"
_serial = itertools.count(1)
PERMIT = {
    "code": f"{DEFINER}001",
    "name": "食品经营许可证",
    "sample": True,
    "version": 1,
    "effective_on": "2020-01-01",
    "definer": "示例证照定义机构",
    "holders": ["person", "company"],
    "issuers": [],
    "items": ["food-business-permit"],
    "validity": {"kind": "years", "length": 5},
    "number": "JY1{region}{serial}",
    "yearly_check": True,
    "fields": [
        {"key": "business_name", "label": "经营者名称", "element": "company.name", "required": True},
        {"key": "address", "label": "经营场所", "mask": "address", "max": 60},
        {"key": "scope", "label": "经营项目", "codes": {"hot": "热食类食品制售", "tea": "自制饮品制售"}},
        {"key": "leader", "label": "法定代表人（负责人）", "mask": "name"},
        {"key": "opened_on", "label": "开业日期", "type": "date"},
    ],
}
VALUES = {"business_name": "广安区清渠茶馆（示例）", "address": "广安区翠屏路20号", "scope": "tea", "leader": "李华"}


def make_type(**changes: Any) -> LicenceType:
    """A published type; without changes the same one for everybody."""
    return load_type(actor=installer("licences.design"), definition=PERMIT | changes)


def holder_of(actor: Actor) -> Holder:
    """The acting person or company as a holder."""
    card = identity_card(actor)
    if actor.company_id:
        return Holder("company", card["uscc"], card["company_name"], actor.company_id)
    return Holder("person", card["id_number"], card["name"], actor.person_id)


def stranger(name: str = "李华") -> Holder:
    """Somebody with a valid number who is not registered with us."""
    return Holder("person", id_number(), name)


def make_licence(issuer: Actor | None = None, holder: Holder | Actor | None = None, **changes: Any) -> Licence:
    """A valid licence, given by an approver of some department."""
    issuer = issuer or officer("approver")
    whose = holder if isinstance(holder, Holder) else holder_of(holder) if holder else stranger()
    code = changes.pop("type_code", None) or make_type().code
    given = {"fields": VALUES, "department_id": issuer.department_id} | changes
    return issue(actor=issuer, type_code=code, holder=whose, **given)


def make_grant(holder: Actor, licence: Licence, department_id: UUID | None = None, **changes: Any) -> Grant:
    """Leave for a department (the issuer) to see one field, once."""
    given = {"fields": ["scope"], "purpose": "核对经营项目", "once": True} | changes
    return allow(actor=holder, licence_id=licence.pk, department_id=department_id or licence.issuer_id, **given)


def make_licence_copy(holder: Actor, licence: Licence, **changes: Any) -> Copy:
    """A copy for a bank, for a month. The issuer must have a seal."""
    given = {"purpose": "办理开户", "user_name": "某银行广安支行", "until_on": today() + timedelta(days=30)} | changes
    return make_copy(actor=holder, licence_id=licence.pk, **given)


def make_gathering(actor: Actor | None = None, *, confirmed: bool = True, **type_changes: Any) -> Gathering:
    """A type that a department gathers, its first step done."""
    actor = actor or officer("item_manager")
    gathering = begin_gathering(actor=actor, type_code=make_type(**type_changes).code)
    if confirmed:
        gathering = finish_step(actor=actor, gathering_id=gathering.pk, step="confirm", note="存量约100张")
    return gathering


HEADINGS = ("证照编号", "持证人", "持证人证件号码", "颁发日期", "有效期至", "经营者名称", "经营场所", "经营项目")


def old_row(number: str = "", **changes: str) -> dict[str, str]:
    """One sound line of an old list, by heading."""
    return {
        "证照编号": number or f"JY1511602{next(_serial):07d}", "持证人": "李华", "持证人证件号码": id_number(),
        "颁发日期": "2024-03-01", "有效期至": "2029-02-28", "经营者名称": "广安区清渠茶馆（示例）",
        "经营场所": "广安区翠屏路20号", "经营项目": "自制饮品制售",
    } | changes  # fmt: skip


def csv_of(*rows: dict[str, str], headings: tuple[str, ...] = HEADINGS) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(*rows: dict[str, Any], headings: tuple[str, ...] = HEADINGS) -> bytes:
    book = Workbook()
    book.worksheets[0].append(headings)
    for row in rows:
        book.worksheets[0].append([row.get(heading) for heading in headings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_batch(actor: Actor | None = None, *rows: dict[str, str]) -> Batch:
    """A list that a department brought: of one line that is held, when none is given."""
    actor = actor or officer("item_manager")
    gathering = make_gathering(actor)
    data = csv_of(*(rows or [old_row(颁发日期="2024-02-30")]))
    return gather(actor=actor, gathering_id=gathering.pk, upload=data, name="台账.csv")


def make_type_draft(designer: Actor, **changes: Any) -> Draft:
    """A new type under design, ready to be handed in."""
    draft = design_type(actor=designer)
    fields = [{"key": "name", "label": "姓名", "required": True, "mask": "name"}]
    content = complete({**draft.content, "name": "示例证", "fields": fields, **changes})
    ops = [{"op": "add", "path": f"/{key}", "value": value} for key, value in content.items()]
    edit(actor=designer, draft_id=draft.pk, revision=draft.revision, ops=ops)
    draft.refresh_from_db()
    return draft


def make_type_in_review(designer: Actor, **changes: Any) -> LicenceType:
    """A new type that waits for a colleague."""
    return hand_in_type(actor=designer, draft_id=make_type_draft(designer, **changes).pk)


def make_scene(body: Actor | None = None, licence: Licence | None = None, **changes: Any) -> Scene:
    """A scene that a body has asked for, about licences of another department."""
    licence = licence or make_licence()
    given = {
        "issuer_id": licence.issuer_id, "name": f"复核{next(_serial)}", "purpose": "补贴审核", "fields": ["scope", "address"],
        "until_on": today() + timedelta(days=30), "ground": "食品安全法第一百一十条",
    } | changes  # fmt: skip
    return ask_scene(actor=body or officer("item_manager"), type_code=licence.type_code, **given)
