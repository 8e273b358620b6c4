"""A draft's situation tree as its author works on it: nodes, ways, what each leaves, and the table of rows and ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.kernel.listing import listed
from tongban.services.forms.queries import sentence
from tongban.services.forms.queries.situations import (
    Condition,
    NoSuchNode,
    Outcome,
    Remark,
    Survey,
    Way,
    in_words,
    node_at,
    remarks_on,
    ticks_of,
)
from tongban.services.items.queries import code_tables

from .findings import WARN, Finding
from .places import place_in_tree

MOST_COLUMNS = 120
ROWS = {"materials": gettext_lazy("材料"), "fees": gettext_lazy("收费")}


@dataclass(frozen=True)
class Node:
    """A question or an answer of the tree. `ways` is how many ways lead through it, `remarks` what is said about it."""

    at: str
    kind: str
    text: str
    level: int
    ways: int = 0
    stop: str = ""
    promise: str = ""
    remarks: int = 0
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Step:
    """A question or an answer in the drawing of all ways; an answer where a way ends has the number of the way."""

    text: str
    kind: str
    level: int
    stop: str = ""
    way: int | None = None
    outcome: Outcome | None = None
    children: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A row of the table: one material or fee, and on each way yes (True), no (False) or a condition in words."""

    at: str
    name: str
    when: str
    cells: list[tuple[int, bool, str]]  # the way, ticked, what it depends on besides
    editable: bool


def advice_on(survey: Survey) -> list[Finding]:
    """What makes no difference in a draft's tree. It hinders nobody; what does is found when the definition is checked."""
    return [
        Finding(place_in_tree(survey.content, one.path) or "/situations", sentence(one), "", "situations", WARN)
        for one in remarks_on(survey)
        if one.is_advice
    ]


def remarks_about(survey: Survey) -> list[tuple[str, Remark, str]]:
    """Every remark with its pointer into the tree (empty: it is about something else) and its sentence."""
    return [(place_in_tree(survey.content, one.path), one, sentence(one)) for one in remarks_on(survey)]


def nodes_of(survey: Survey) -> list[Node]:
    """The tree as it is defined: questions, their answers, and the questions that follow an answer."""
    through = Counter(step for way in survey.ways for step in way.steps)
    remarks = Counter(at for at, _remark, _text in remarks_about(survey) if at)
    return _questions(survey.content.get("situations") or [], "/situations", 1, through, remarks)


def _questions(tree: list[Any], around: str, level: int, through: Counter[str], remarks: Counter[str]) -> list[Node]:
    found = []
    for place, question in enumerate(tree):
        at = f"{around}/{place}"
        options = tuple(
            _option(option, f"{at}/options/{number}", level + 1, through, remarks)
            for number, option in enumerate(question.get("options") or ())
        )
        text = question.get("question") or _("（还没有写问题）")
        found.append(Node(at, "question", text, level, remarks=remarks[at], children=options))
    return found


def _option(option: dict[str, Any], at: str, level: int, through: Counter[str], remarks: Counter[str]) -> Node:
    return Node(
        at=at,
        kind="option",
        text=option.get("label") or _("（还没有写答案）"),
        level=level,
        ways=through[at],
        stop=str(option.get("stop") or ""),
        promise=_limit(option["promise"]) if option.get("promise") else "",
        remarks=remarks[at],
        children=tuple(_questions(option.get("then") or [], f"{at}/then", level + 1, through, remarks)),
    )


def _limit(limit: Mapping[str, Any]) -> str:
    if not limit or "days" not in limit:
        return _("还没有写时限")
    if limit.get("unit", "1") == "1":
        return _("%(days)s个工作日") % {"days": limit["days"]}
    return _("%(days)s天") % {"days": limit["days"]}


# --- all ways, unfolded ---------------------------------------------------------------------------------------------------


def unfolded(survey: Survey) -> list[Step]:
    """The decision tree a citizen walks: a question asked on several ways stands on each of them."""
    roots: list[Step] = []
    for number, way in enumerate(survey.ways):
        level = roots
        for depth, pointer in enumerate(way.steps):
            question = node_at(survey.content, pointer.rsplit("/options/", 1)[0])
            if not level or level[-1].text != question.get("question"):
                level.append(Step(str(question.get("question") or ""), "question", 2 * depth + 1))
            answers = level[-1].children
            last = depth == len(way.steps) - 1
            if last or not answers or answers[-1].text != way.labels[depth] or answers[-1].way is not None:
                answers.append(_answer(survey, way, number, depth, last))
            level = answers[-1].children
    return roots


def _answer(survey: Survey, way: Way, number: int, depth: int, last: bool) -> Step:
    if not last:
        return Step(way.labels[depth], "option", 2 * depth + 2)
    return Step(way.labels[depth], "leaf", 2 * depth + 2, way.stop, number, survey.outcome(way))


@dataclass(frozen=True)
class LeafSheet:
    """Exactly what the citizen of one way is asked for, in words."""

    number: int
    path: list[tuple[str, str]]
    stop: str
    materials: list[tuple[Mapping[str, Any], str, str]]  # the row, what sort it is, what it depends on
    promise: str
    statutory: str
    fees: list[tuple[Mapping[str, Any], str]]
    groups: list[tuple[str, str]]
    stages: list[tuple[Mapping[str, Any], str, str]]  # the row, who else takes part, what it depends on


def leaf_sheet(survey: Survey, number: int) -> LeafSheet | None:
    """The sheet of one way by its number; None where there is no such way."""
    if not 0 <= number < len(survey.ways):
        return None
    outcome, content = survey.outcome(survey.ways[number]), survey.content
    formats = code_tables()["material_format"]
    return LeafSheet(
        number=number,
        path=[
            (node_at(content, step.rsplit("/options/", 1)[0]).get("question", ""), label)
            for step, label in zip(outcome.way.steps, outcome.way.labels, strict=True)
        ],
        stop=outcome.way.stop,
        materials=[
            (one.row, str(formats.get(one.row.get("format", ""), "")), _words(one.depends, content))
            for one in outcome.materials
        ],
        promise=_limit(outcome.promise) if outcome.promise else "",
        statutory=_limit(outcome.statutory) if outcome.statutory else "",
        fees=[(one.row, _words(one.depends, content)) for one in outcome.fees],
        groups=[(str(one.row.get("title") or one.key), _words(one.depends, content)) for one in outcome.groups],
        stages=[(one.row, _others(one.row), _words(one.depends, content)) for one in outcome.stages],
    )


def _words(depends: str, content: Mapping[str, Any]) -> str:
    return in_words(depends, content) if depends else ""


def _others(stage: Mapping[str, Any]) -> str:
    return listed(
        str(part.get("department")) for part in stage.get("parts") or () if part.get("department") not in ("self", None)
    )


# --- the table ------------------------------------------------------------------------------------------------------------


def lines_of(survey: Survey) -> list[tuple[str, list[Line]]]:
    """The table of materials and fees over all ways on which somebody can apply."""
    places = [number for number, way in enumerate(survey.ways) if not way.stop]
    found = []
    for rows, title in ROWS.items():
        lines = [
            _line(survey, f"/{rows}/{place}", row, cells, places)
            for place, (row, cells) in enumerate(survey.table(survey.content.get(rows)))
        ]
        if lines:
            found.append((str(title), lines))
    return found


def _line(survey: Survey, at: str, row: Mapping[str, Any], cells: list[Any], places: list[int]) -> Line:
    when = str(row.get("when") or "")
    ticks = ticks_of(when, survey.open_ways)
    shown = []
    for place, number in enumerate(places):
        cell = cells[place]
        words = _words(cell.text, survey.content) if isinstance(cell, Condition) else ""
        ticked = ticks[place] if ticks is not None else cell is not False
        shown.append((number, ticked, words))
    return Line(
        at, str(row.get("name") or row.get("key") or ""), _words(when, survey.content), shown, ticks is not None
    )


__all__ = [
    "MOST_COLUMNS",
    "LeafSheet",
    "Line",
    "NoSuchNode",
    "Node",
    "Step",
    "Survey",
    "advice_on",
    "leaf_sheet",
    "lines_of",
    "nodes_of",
    "place_in_tree",
    "remarks_about",
    "unfolded",
]
