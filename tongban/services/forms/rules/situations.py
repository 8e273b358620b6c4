"""The situation tree: two or three questions, after which only what this applicant needs remains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .evaluation import scope_of
from .expressions import CONTEXT_NAMES, holds, names_in


@dataclass(frozen=True)
class Leaf:
    """What remains of an item for one situation. `questions` are all that were asked on the way, `missing` those unanswered."""

    situation: dict[str, str]
    questions: list[dict[str, Any]]
    missing: list[str]
    stop: str  # why there is nothing to apply for in this situation; empty: go on
    materials: list[dict[str, Any]]
    promise: dict[str, Any]
    statutory: dict[str, Any]
    fees: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    flow: dict[str, Any]
    path: list[str] = field(default_factory=list)  # labels of the chosen options

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.stop


def _walk(
    questions: list[dict[str, Any]], given: dict[str, Any], asked: list[dict[str, Any]], chosen: list[dict[str, Any]]
) -> None:
    for question in questions:
        asked.append(question)
        answer = given.get(question["key"])
        option = next((o for o in question.get("options") or () if str(o["value"]) == str(answer)), None)
        if option is not None:
            chosen.append({**option, "key": question["key"]})
            _walk(option.get("then") or [], given, asked, chosen)


def leaf(
    content: dict[str, Any],
    situation: dict[str, Any],
    *,
    applicant_kind: str = "person",
    answers: dict[str, Any] | None = None,
    today: str | None = None,
) -> Leaf:
    """What remains of an item's content. Answers to questions that are not asked on this way fall away, forged options too."""
    asked: list[dict[str, Any]] = []
    chosen: list[dict[str, Any]] = []
    _walk(content.get("situations") or [], situation, asked, chosen)
    kept = {option["key"]: str(option["value"]) for option in chosen}
    context = {"situation": kept, "applicant": {"kind": applicant_kind}, "today": today}
    scope = {**(answers or {}), **scope_of(context)}
    promise = content.get("promise") or {}
    for option in chosen:
        promise = option.get("promise") or promise
    form = content.get("form") or {}
    return Leaf(
        situation=kept,
        questions=asked,
        missing=[question["key"] for question in asked if question["key"] not in kept],
        stop=next((option["stop"] for option in chosen if option.get("stop")), ""),
        materials=[m for m in content.get("materials") or () if holds(m.get("when") or "", scope)],
        promise=promise,
        statutory=content.get("statutory") or {},
        fees=[f for f in content.get("fees") or () if holds(f.get("when") or "", scope)],
        groups=[g for g in form.get("groups") or () if _may_show(g, scope)],
        flow=content.get("flow") or {},
        path=[option.get("label", option["value"]) for option in chosen],
    )


def _may_show(group: dict[str, Any], scope: dict[str, Any]) -> bool:
    """Whether the situation leaves a group standing. One that also depends on answers stays until they are given."""
    condition = group.get("show_if") or ""
    return not names_in(condition) <= CONTEXT_NAMES or holds(condition, scope)
