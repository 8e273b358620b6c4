"""Every way through a situation tree, and what each leaves of the item: what is certain, what falls away, what depends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .expressions import CONTEXT_NAMES, faults_of_expression, names_in
from .structure import Plan
from .verdicts import Condition, keys_in, parse, residue

MOST_LEAVES = 500
KINDS = ("person", "company")
Question = dict[str, Any]


@dataclass(frozen=True)
class Way:
    """One way of answering all the questions. `steps` are (question, option) as pointers into the definition."""

    situation: dict[str, str] = field(hash=False)
    steps: tuple[str, ...] = ()  # `/situations/0/options/1`
    labels: tuple[str, ...] = ()
    stop: str = ""
    promise: dict[str, Any] | None = field(default=None, hash=False)


def count_leaves(tree: list[Question]) -> int:
    """How many ways there are through a tree, without walking them."""
    return sum(_counted(tree))


def _counted(tree: list[Question]) -> tuple[int, int]:
    """Ways to the end and ways that stop before it. A question is asked once more for every way to it."""
    through, stopped = 1, 0
    for question in tree:
        inner = [(0, 1) if o.get("stop") else _counted(o.get("then") or []) for o in question.get("options") or ()]
        stopped += through * sum(stops for _goes, stops in inner)
        through *= sum(goes for goes, _stops in inner)
    return through, stopped


Pending = list[tuple[str, Question]]


def _placed(questions: list[Question] | None, at: str) -> Pending:
    return [(f"{at}/{place}", question) for place, question in enumerate(questions or [])]


def ways(tree: list[Question]) -> Iterator[Way]:
    """The ways through a tree, as the portal asks: a follow-up comes right after its answer, a stop ends everything."""
    yield from _walk(_placed(tree, "/situations"), Way({}))


def _walk(pending: Pending, so_far: Way) -> Iterator[Way]:
    if not pending:
        yield so_far
        return
    (at, question), rest = pending[0], pending[1:]
    options = list(enumerate(question.get("options") or ()))
    given = so_far.situation.get(question["key"])
    seen: set[str] = set()
    for place, option in options:
        value = str(option.get("value", ""))
        if value in seen or given not in (None, value):
            continue  # the first of two alike is taken; a question asked before keeps its answer
        seen.add(value)
        here = _chosen(so_far, question["key"], f"{at}/options/{place}", option)
        follow = [] if here.stop else _placed(option.get("then"), f"{at}/options/{place}/then") + rest
        yield from _walk(follow, here)
    if given is not None and given not in seen:
        yield from _walk(rest, so_far)


def _chosen(so_far: Way, key: str, pointer: str, option: Mapping[str, Any]) -> Way:
    return Way(
        situation={**so_far.situation, key: str(option.get("value", ""))},
        steps=(*so_far.steps, pointer),
        labels=(*so_far.labels, str(option.get("label") or option.get("value") or "")),
        stop=str(option.get("stop") or ""),
        promise=option.get("promise") or so_far.promise,
    )


Open = Condition | bool  # settled, or the condition that is still open


class Outlook:
    """An item's conditions over all ways and kinds of applicant. Asks the engine once for each difference that matters.

    A field that a way hides has no answer, as when somebody applies. `plan` is the form's, where the form is sound.
    """

    def __init__(self, content: Mapping[str, Any], plan: Plan | None) -> None:
        self.plan = plan
        self.kinds = [kind for kind in KINDS if kind in (content.get("applicants") or KINDS)] or list(KINDS)
        self._kept: dict[tuple[Any, ...], Open] = {}
        self._hidden: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._usable: dict[str, bool] = {}

    def open(self, expression: str, way: Way) -> Open:
        """What is left of a condition on this way: whatever the kinds of applicant agree on is settled."""
        results = [self.for_kind(expression, way, kind) for kind in self.kinds]
        if all(result == results[0] for result in results):
            return results[0]
        return self._settle(expression, self._known(way, None))

    def for_kind(self, expression: str, way: Way, kind: str) -> Open:
        """What is left of a condition for one kind of applicant."""
        return self._settle(expression, self._known(way, kind))

    def _known(self, way: Way, kind: str | None) -> dict[str, Any]:
        context: dict[str, Any] = {"situation": way.situation}
        if kind is not None:
            context["applicant"] = {"kind": kind}
        return context | self._unseen(way, kind)

    def _settle(self, expression: str, known: dict[str, Any]) -> Open:
        if not expression.strip():
            return True
        if not self._is_sound(expression):
            return Condition("atom", expression)  # said elsewhere; here it may be anything
        key = (expression, *self._asked(expression, known))
        if key not in self._kept:
            self._kept[key] = residue(parse(expression), known)
        return self._kept[key]

    def _is_sound(self, expression: str) -> bool:
        if expression not in self._usable:
            self._usable[expression] = not faults_of_expression(expression, "", names_in(expression))
        return self._usable[expression]

    @staticmethod
    def _asked(expression: str, known: dict[str, Any]) -> Iterator[Any]:
        """Everything known that this expression can tell apart."""
        keys, situation = keys_in(expression), known["situation"]
        yield tuple(sorted(situation.items())) if keys is None else tuple((k, situation.get(k)) for k in sorted(keys))
        for name in sorted(names_in(expression) - {"situation"}):
            yield name, name in known, known["applicant"]["kind"] if name == "applicant" and name in known else None

    def _unseen(self, way: Way, kind: str | None) -> dict[str, Any]:
        """The fields nobody sees on this way, each with no answer."""
        if self.plan is None:
            return {}
        key = (tuple(way.situation.items()), kind)
        if key not in self._hidden:
            self._hidden[key] = self._find_unseen(way, kind, self.plan)
        return self._hidden[key]

    def _find_unseen(self, way: Way, kind: str | None, plan: Plan) -> dict[str, Any]:
        known: dict[str, Any] = {"situation": way.situation}
        if kind is not None:
            known["applicant"] = {"kind": kind}
        for item in plan.order:
            if False in (self._settle(item.group_condition, known), self._settle(item.condition, known)):
                known[item.key] = [] if item.rows or item.type == "checkboxes" else None
        return {name: value for name, value in known.items() if name not in CONTEXT_NAMES}
