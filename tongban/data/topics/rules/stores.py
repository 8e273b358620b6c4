"""What each topic store (主题库) holds, and how the facts of one subject, in their order, become its row. The same facts always come to
the same row, so a row may be made as often as one likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def _(text: str) -> str:
    """Marks words for translation; rules know no framework."""
    return text


ITEMS, CASES, LICENCES, APPLICANTS, TRACES = "items", "cases", "licences", "applicants", "traces"
PROJECTS = "projects"
ITEM_SUBJECT = "serviceitem"  # as facts name an item; `tests/house` holds these names to the models there are
MOMENT, DEPARTMENT, WORD, NAMED = "moment", "department", "word", "named"
FACT, ITEM, CODE, COUNT, CASE = "fact", "item", "code", "count", "case"


@dataclass(frozen=True)
class Column:
    """`kind`: a moment (ISO 8601, UTC), a department's id, the name of a fact, an item's code, the stream of a case, a code that has
    words, a code whose name stands in `<name>_name`, a number, or a word as it is."""

    name: str
    title: str
    kind: str = WORD


@dataclass(frozen=True)
class Store:
    """`follows`: the kind of subject whose facts it is made from."""

    name: str
    title: str
    follows: str
    columns: tuple[Column, ...]


_LIFE = (
    Column("first", _("第一件事"), FACT),
    Column("first_at", _("开始时间"), MOMENT),
    Column("last", _("最近一件事"), FACT),
    Column("last_at", _("最近时间"), MOMENT),
)
STORES: dict[str, Store] = {
    store.name: store
    for store in (
        Store(ITEMS, _("事项库"), ITEM_SUBJECT, (
            Column("code", _("事项"), ITEM), Column("department", _("部门"), DEPARTMENT), Column("version", _("版本"), COUNT), *_LIFE,
        )),
        Store(CASES, _("办件库"), "case", (
            Column("item", _("事项"), ITEM), Column("department", _("部门"), DEPARTMENT), Column("channel", _("渠道"), CODE),
            Column("stage", _("环节"), CODE), Column("result", _("结果"), CODE), Column("project", _("项目代码")),
            Column("applicant", _("申请人（假名）")),
            Column("submitted_at", _("提交"), MOMENT), Column("accepted_at", _("受理"), MOMENT),
            Column("decided_at", _("决定"), MOMENT), Column("ended_at", _("办结"), MOMENT), *_LIFE,
        )),
        Store(LICENCES, _("证照库"), "licence", (
            Column("type", _("证照类型"), NAMED), Column("department", _("部门"), DEPARTMENT), Column("holder", _("持证人（假名）")),
            Column("case", _("所属办件"), CASE), *_LIFE,
        )),
        Store(PROJECTS, _("项目库"), "case", (
            Column("code", _("项目代码")), Column("cases", _("办件数"), COUNT), Column("items", _("事项数"), COUNT),
            Column("departments", _("部门数"), COUNT), Column("ended", _("已办结"), COUNT),
            Column("first_at", _("第一次时间"), MOMENT), Column("last_at", _("最近时间"), MOMENT),
        )),
        Store(APPLICANTS, _("申请人库"), "case", (
            Column("kind", _("类型"), CODE), Column("cases", _("办件数"), COUNT), Column("items", _("事项数"), COUNT),
            Column("first_at", _("第一次时间"), MOMENT), Column("last_at", _("最近时间"), MOMENT),
        )),
        Store(TRACES, _("办事痕迹库"), "case", (
            Column("case", _("所属办件"), CASE), Column("act", _("做了什么"), FACT), Column("item", _("事项"), ITEM),
            Column("department", _("部门"), DEPARTMENT), Column("by", _("谁"), CODE), Column("at", _("时间"), MOMENT),
        )),
    )
}  # fmt: skip
# What rows are found by: words, codes and names, in whatever store; a new one needs the index made anew.
WORD_COLUMNS = sorted(
    {one.name for store in STORES.values() for one in store.columns if one.kind not in (MOMENT, COUNT)}
)
FOLLOWED = {ITEM_SUBJECT: ITEMS, "case": CASES, "licence": LICENCES}  # kind of subject → the store with a row for each
_KEPT = {
    ITEMS: ("code", "department", "version"),
    CASES: ("item", "department", "channel", "stage", "result", "project"),
    LICENCES: ("type", "type_name", "department", "case"),
}
"""What the newest fact that says it says."""
_MOMENTS = {
    "submitted_at": {"cases.submitted"},
    "accepted_at": {"cases.accepted"},
    "decided_at": {"cases.decided"},
    "ended_at": {f"cases.{how}" for how in ("closed", "withdrawn", "terminated", "voided", "not_accepted", "lapsed")},
}
_LOOKS = ("persons.", "registries.looked")  # that somebody looked, or a rule did, is no step of service
Facts = Sequence[Mapping[str, Any]]


def rows_of(store: str, facts: Facts) -> dict[tuple[str, str], dict[str, Any]]:
    """(store, key) → values, from all facts of one subject (`stream id name at by data person company`), the oldest first.

    `person` and `company` are pseudonyms already. A case also leaves a trace for each fact that is a step.
    """
    steps = [fact for fact in facts if not fact["name"].startswith(_LOOKS)] or facts
    stream, first, last = facts[0]["stream"], steps[0], steps[-1]
    person, company = _first(facts, "person"), _first(facts, "company")
    values: dict[str, Any] = {name: _newest(steps, name) for name in _KEPT[store]} | {
        "first": first["name"], "first_at": first["at"], "last": last["name"], "last_at": last["at"],
    }  # fmt: skip
    if store == LICENCES:
        values["holder"] = company or person
    if store != CASES:
        return {(store, stream): values}
    values |= {"applicant": company or person, "applicant_kind": "company" if company else "person" if person else ""}
    values |= {
        name: next((fact["at"] for fact in steps if fact["name"] in acts), "") for name, acts in _MOMENTS.items()
    }
    traces = {
        (TRACES, fact["id"]): {
            "case": stream, "act": fact["name"], "item": values["item"], "department": str(fact["data"].get("department") or ""),
            "by": fact["by"], "at": fact["at"],
        }
        for fact in steps
    }  # fmt: skip
    return {(store, stream): values, **traces}


def _newest(facts: Facts, name: str) -> str:
    return next((str(fact["data"][name]) for fact in reversed(facts) if fact["data"].get(name)), "")


def _first(facts: Facts, name: str) -> str:
    return next((fact[name] for fact in facts if fact[name]), "")
