"""What stands between what was typed and what is written: every check at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.identity.queries import (
    mandate_covers,
)
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason, TongbanError
from tongban.foundation.kernel.ids import uuid7
from tongban.services.cases.errors import (
    CaseRefused,
    ItemClosed,
    LevelTooLow,
    VersionChanged,
    WrongApplicant,
)
from tongban.services.cases.queries import Applying, offers, offers_of, picked
from tongban.services.cases.rules import (
    FORM,
    LICENCE,
    PROMISE,
    WITH_FILE,
    file_answers,
    handed_in,
    is_the_form,
    material_faults,
    tolerance_days,
)
from tongban.services.forms.queries import Leaf, Settled, leaf, reasons_of, settle
from tongban.services.items.errors import ItemNotInForce
from tongban.services.items.queries import content_of, published
from tongban.services.items.queries.items import stamp
from tongban.services.licences.queries import briefs_of

from .applicants import Applicant
from .filing import own_files

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Draft
    from tongban.services.cases.rules import MaterialFault
    from tongban.services.licences.queries import Brief

    from .submit import Application

MATERIAL_WORDS = {
    "missing": gettext_lazy("请提供：%(name)s"),
    "way_unknown": gettext_lazy("请选择怎样提供：%(name)s"),
    "file_missing": gettext_lazy("请上传：%(name)s"),
    "may_not_be_promised": gettext_lazy("这份材料不能承诺后补，请提供：%(name)s"),
    "may_not_be_waived": gettext_lazy("这份材料不能免交，请提供：%(name)s"),
    "no_licence": gettext_lazy("没有可用的电子证照，请上传：%(name)s"),
    "no_paper": gettext_lazy("这份材料请上传电子件：%(name)s"),
}


@dataclass(frozen=True)
class Item:
    """The version that holds today and what intake needs to know of its item."""

    version_id: UUID
    department_id: UUID
    division: str
    task_code: str
    content: dict[str, Any]
    stamp: int


@dataclass(frozen=True)
class Checked:
    """An application with nothing against it."""

    application: Application
    item: Item
    applicant: Applicant
    situation: dict[str, str]
    answers: dict[str, Any]
    materials: list[dict[str, Any]]
    fees: list[dict[str, Any]]
    files: dict[str, str] = field(default_factory=dict)  # id of each stored file, and its digest (SM3)
    licences: list[Brief] = field(default_factory=list)  # those that stand for materials


_items: dict[tuple[str, date], Item] = {}


def forget_catalogue() -> None:
    """Read items anew: the database says they have changed since."""
    _items.clear()


def is_stale(code: str) -> bool:
    """Whether what we keep of an item is no longer so. For the way of refusal alone: taking in checks it in the database."""
    kept = _items.get((code, today()))
    if kept is None:
        return False
    try:
        return stamp() != kept.stamp or published(code).pk != kept.version_id
    except TongbanError:
        return True


def _item(code: str) -> Item:
    """The item as it holds today. No query while the catalogue stands as it was; the intake statement checks that it does."""
    key = (code, today())
    found = _items.get(key)
    if found is None:
        read_at = stamp()  # before the version: what changes in between is then noticed
        version = published(code)
        item = version.item
        found = _items[key] = Item(
            version.pk, item.department_id, item.division_id, item.task_code, version.content, read_at
        )
    return found


def checked(actor: Actor, application: Application, applicant: Applicant) -> Checked:
    """Everything that can be wrong, said at once; who may not apply at all is told that first."""
    item = _in_force(application)
    _may_apply(actor, item, applicant)
    seen = None if actor.kind == "system" else applicant.person_id
    applying = Applying(applicant.kind, applicant.id, lambda: applicant.number, seen, lambda: item.department_id)
    weighed = _weighed(item.content, application, applicant.kind, lambda asked: offers(asked, applying))
    if weighed.reasons:
        raise CaseRefused(reasons=weighed.reasons)
    rest, answers = weighed.rest, weighed.settled.answers
    materials, files = _materials(actor, application, weighed, item)
    stand = {row["licence_id"] for row in materials}
    licences = [brief for brief in dict.fromkeys(weighed.licences.values()) if brief.id in stand]
    return Checked(application, item, applicant, rest.situation, answers, materials, rest.fees, files, licences)


def faults_of_draft(actor: Actor, draft: Draft) -> list[Reason]:
    """Everything that is wrong with a draft as it stands, under the version it is written for; who applies is not asked."""
    content = content_of(draft.item_version_id)
    return _weighed(content, draft, draft.applicant_kind, lambda asked: offers_of(draft, asked, actor)).reasons


@dataclass(frozen=True)
class Weighed:
    """What remains for the situation, the answers as they may be kept, the licences that stand for materials, and all faults."""

    rest: Leaf
    settled: Settled
    licences: dict[str, Brief]
    reasons: list[Reason]


def _weighed(
    content: dict[str, Any],
    application: Application | Draft,
    applicant_kind: str,
    offered: Callable[[list[dict[str, Any]]], dict[str, list[Brief]]],
) -> Weighed:
    answers, on = dict(application.answers), today()
    rest = leaf(content, dict(application.situation), applicant_kind=applicant_kind, answers=answers)
    reasons = [Reason("cases.situation_missing", _("请先回答这个问题。"), f"situation.{key}") for key in rest.missing]
    if rest.stop:
        reasons.append(Reason("cases.situation_stop", rest.stop, "situation"))
    context = {"situation": rest.situation, "applicant": {"kind": applicant_kind}}
    settled = settle(content.get("form") or {}, answers, context, today=on)
    reasons += reasons_of(settled.faults)
    licences = picked(offered(rest.materials), application.materials)
    reasons += [
        Reason(f"cases.material_{fault.code}", _fault_words(fault, application), f"materials.{fault.key}")
        for fault in material_faults(rest.materials, application.materials, licences)
    ]
    return Weighed(rest, settled, licences, reasons)


def _fault_words(fault: MaterialFault, application: Application | Draft) -> str:
    """The fault in a sentence; of a licence that was counted on and no longer stands, which and why."""
    rows = application.materials.get(fault.key) or ()
    gone = briefs_of(row.get("licence_id") for row in rows) if fault.code == "no_licence" else {}
    for licence in gone.values():
        if licence.stands:
            return _("电子证照《%(licence)s》是法定代表人的，要由他本人登录单位账号申请，或者先授权给受理部门。") % {
                "licence": licence.name
            }
        words = {"licence": licence.name, "state": licence.word, "name": fault.name}
        return _("电子证照《%(licence)s》现在不能用（%(state)s），请上传：%(name)s") % words
    return MATERIAL_WORDS[fault.code] % {"name": fault.name}


def _in_force(application: Application) -> Item:
    try:
        item = _item(application.item_code)
    except ItemNotInForce:
        raise ItemClosed from None
    if application.version_id and application.version_id != item.version_id:
        raise VersionChanged
    return item


def _may_apply(actor: Actor, item: Item, applicant: Applicant) -> None:
    if applicant.kind not in (item.content.get("applicants") or ["person", "company"]):
        raise WrongApplicant
    if actor.kind in ("person", "company"):
        if actor.level < int(item.content.get("assurance_level") or 0):
            raise LevelTooLow
        if not mandate_covers(actor, item.content["code"]):
            raise WrongApplicant
    if actor.kind == "system" and actor.department_id != item.department_id:
        raise WrongApplicant


def _materials(
    actor: Actor, application: Application, weighed: Weighed, item: Item
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Rows of what was handed in, without the case; and the files among them, each one's own, with their digests."""
    answers = weighed.settled.answers
    given = [
        (material, position, row)
        for material in weighed.rest.materials
        for position, row in enumerate(_rows_given(material, application, weighed.licences))
    ]
    wanted = [(f"materials.{m['key']}", row["file_id"]) for m, _position, row in given if row.get("way") in WITH_FILE]
    wanted += file_answers(item.content.get("form") or {}, answers)
    files = own_files(actor, wanted)
    rows = [
        _material_row(material, place, row, files.get(str(row.get("file_id"))), weighed.licences.get(material["key"]))
        for material, place, row in given
    ]
    return rows, {key: file.sm3 for key, file in files.items()}


def _rows_given(
    material: dict[str, Any], application: Application, licences: Mapping[str, Brief]
) -> Sequence[Mapping[str, Any]]:
    if is_the_form(material):
        return [{"way": FORM}]
    return handed_in(material, application.materials.get(material["key"]) or (), material["key"] in licences)


def _copies(given: Any, material: Mapping[str, Any]) -> int:
    """How many copies a clerk counted; else as many as the item asks for."""
    return given if type(given) is int and 0 < given < 1000 else int(material.get("copies") or 1)


def _material_row(
    material: Mapping[str, Any], position: int, given: Mapping[str, Any], file: Any, licence: Brief | None
) -> dict[str, Any]:
    promised_on = None
    licence = licence if given["way"] == LICENCE else None
    if given["way"] == PROMISE:
        calendar = calendar_of(settings.CITY_DIVISION)
        promised_on = _promise_day(today(), tolerance_days(material), calendar.stamp)
    return {
        "id": uuid7(),
        "key": material["key"],
        "name": material["name"],
        "position": position,
        "way": given["way"],
        "file_id": file.pk if file else None,
        "file_name": file.name if file else "",
        "copies": _copies(given.get("copies"), material),
        "promised_on": promised_on,
        "waive_mode": given.get("waive_mode", ""),
        "supplied_at": None,
        "licence_id": licence.id if licence else None,
        "licence_identifier": licence.identifier if licence else "",
        "licence_version": licence.version if licence else None,
    }


@lru_cache(maxsize=256)
def _promise_day(on: date, days: int, _calendar: str) -> date:
    return add_working_days(on, days, calendar_of(settings.CITY_DIVISION))
