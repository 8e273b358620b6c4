"""The guide (办事指南) of an item: its definition in words, narrowed to one person's situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.kernel.listing import listed
from tongban.services.forms.queries import Leaf, leaf
from tongban.services.items.errors import BLOCKS
from tongban.services.items.models import ItemVersion
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.depth import Depth, depth_of
from tongban.services.items.rules.findings import questions_of

from .items import code_tables, content_of

INSTANT = "1"
WAIVED_WITHOUT_TROUBLE = {"1", "2", "3", "5"}  # a promise (4) is still something to do


@dataclass(frozen=True)
class Guide:
    """Everything a guide page, a notice or another channel shows. `content` is the whole definition, never changed."""

    code: str
    content: Mapping[str, Any]
    rest: Leaf
    depth: Depth
    blocks: list[str]
    names: Mapping[str, str]
    promise: str
    statutory: str
    fee: str
    visits: str
    materials: list[dict[str, Any]]
    waived: list[dict[str, Any]]
    maybe: list[dict[str, Any]]
    steps: list[dict[str, str]]
    chosen: list[tuple[str, str]] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        return bool(self.rest.situation)

    @property
    def can_apply_online(self) -> bool:
        return {"2", "4"} <= set(self.content["online_depth"])


def guide_of(version: ItemVersion, situation: Mapping[str, str] | None = None, applicant_kind: str = "") -> Guide:
    """The guide for a situation, as far as it is known. Kept per version and situation: a guide never changes."""
    content = content_of(version.pk)
    keys = {question["key"] for question in questions_of(content["situations"])}
    answers = tuple(sorted((key, value[:60]) for key, value in (situation or {}).items() if key in keys))
    kinds = content["applicants"]
    kind = applicant_kind if applicant_kind in kinds else kinds[0]
    return _guide(version.pk, answers, kind, _language())


def _language() -> str:
    # The words of a guide's frame are translated, so a guide is kept for each language.
    return _("办事指南")


@lru_cache(maxsize=2000)
def _guide(version_id: UUID, answers: tuple[tuple[str, str], ...], kind: str, _in: str) -> Guide:
    return _told(content_of(version_id), dict(answers), kind)


def guide_of_content(content: Mapping[str, Any], situation: Mapping[str, str], applicant_kind: str = "") -> Guide:
    """The guide of a text that is not published (and may be unfinished, but has every element and the right shape)."""
    whole = complete(dict(content))
    keys = {question["key"] for question in questions_of(whole["situations"])}
    answers = {key: value[:60] for key, value in situation.items() if key in keys}
    kinds = whole["applicants"]
    return _told(whole, answers, applicant_kind if applicant_kind in kinds else kinds[0])


def _told(content: dict[str, Any], answers: dict[str, str], kind: str) -> Guide:
    rest = leaf(content, answers, applicant_kind=kind)
    depth = depth_of(content)
    materials, waived, maybe = _materials(content, rest)
    return Guide(
        code=content["code"],
        content=content,
        rest=rest,
        depth=depth,
        blocks=[str(BLOCKS[block]) for block in depth.blocks],
        names=_names(content),
        promise=_promise(content, rest.promise),
        statutory=limit_in_words(content["statutory"]) if content["statutory"] else "",
        fee=_fee(content, rest),
        visits=_visits(content["visits"]),
        materials=materials,
        waived=waived,
        maybe=maybe,
        steps=_steps(content),
        chosen=_chosen(rest),
    )


def limit_in_words(limit: Mapping[str, Any]) -> str:
    if limit["unit"] == "1":
        return _("%(days)s个工作日") % {"days": limit["days"]}
    return _("%(days)s天") % {"days": limit["days"]}


def _promise(content: Mapping[str, Any], promise: Mapping[str, Any]) -> str:
    if content["project_type"] == INSTANT or promise["days"] == 0:
        return _("当场办好") if promise["days"] == 0 else _("当天办好")
    return limit_in_words(promise)


def _visits(times: int) -> str:
    return _("不用跑") if times == 0 else _("最多跑%(times)s次") % {"times": times}


def _fee(content: Mapping[str, Any], rest: Leaf) -> str:
    if not content["fees"]:
        return _("不收费")
    if not rest.fees:
        return _("不收费") if not rest.missing else _("看情形，有的要收费")
    return "；".join(f"{fee['name']} {fee['standard']}" for fee in rest.fees)


def _names(content: Mapping[str, Any]) -> dict[str, str]:
    """Coded elements in words."""
    tables = code_tables()
    names = {
        key: tables[key].get(content[key], content[key])
        for key in ("task_type", "use_level", "project_type", "handle_area", "dept_type", "power_source")
    }
    names["server_type"] = listed(tables["server_type"].get(code, code) for code in content["server_type"])
    names["handle_type"] = listed(tables["handle_type"].get(code, code) for code in content["handle_type"])
    return names


def _materials(
    content: Mapping[str, Any], rest: Leaf
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """What to bring, what offices look up themselves, and what depends on answers not given yet."""
    tables = code_tables()
    kept = {material["key"] for material in rest.materials}
    bring: list[Any] = []
    waived: list[Any] = []
    maybe: list[Any] = []
    for material in content["materials"]:
        shown = {
            **material,
            "format_name": tables["material_format"].get(material["format"], material["format"]),
            "type_name": tables["material_type"].get(material["type"], material["type"]),
            "source_name": tables["source_type"].get(material["source"], material["source"]),
            "waive_names": [tables["waive_mode"].get(mode, mode) for mode in material["waive"]],
        }
        if material["key"] in kept:
            (waived if WAIVED_WITHOUT_TROUBLE & set(material["waive"]) else bring).append(shown)
        elif rest.missing:
            maybe.append(shown)
    return bring, waived, maybe


def _steps(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """The way of a case in words; the department is named where another one takes part."""
    flow = content["flow"]
    steps = [
        {"name": _("申请"), "text": _("在网上填表提交，或者到窗口提交。"), "limit": ""},
        {
            "name": _("受理"),
            "text": _("材料齐了就受理；缺什么一次告诉您。"),
            "limit": _days(flow["accept"]["limit_days"]),
        },
    ]
    for stage in flow["stages"]:
        others = [part["department"] for part in stage["parts"] if part["department"] != "self"]
        text = _("由%(names)s一起办理。") % {"names": listed(others)} if others else ""
        steps.append({"name": stage["name"], "text": text, "limit": _days(stage["limit_days"])})
    return steps


def _days(days: int) -> str:
    return _("%(days)s个工作日内") % {"days": days} if days else _("当场")


def _chosen(rest: Leaf) -> list[tuple[str, str]]:
    """The questions answered so far, each with the answer's words."""
    answered = [question["question"] for question in rest.questions if question["key"] in rest.situation]
    return list(zip(answered, rest.path, strict=True))
