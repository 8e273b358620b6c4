"""What is wrong with a flow before anybody goes through it: dead ends, limits beyond the promise, posts that check themselves.

A flow with conditions is judged on every course a case may take: each set of conditions that can hold together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any

from .bpmn import in_order
from .flow import DEFAULT_POSTS, INSTANTLY, Holds, Stage, always, conditions_in, stages_of, takes_part
from .results import Result
from .states import MOVES, Given, Standing, State, moved, obstacles

LIMIT_LAW = "行政许可法第四十二条"
DECISION_LAW = "行政许可法第三十八条"
SEPARATE = "行政许可法第三十四条；审批分离"
MOST_STANDINGS = 4000
MOST_OPEN = 6  # conditions tried both ways with each other; what is more is tried together and one by one
INSTANT_ITEM = "1"
DECIDING = ("decide", INSTANTLY)


@dataclass(frozen=True)
class FlowRemark:
    """A stable code, where (a pointer into the definition), what its sentence needs, the rule, and whether it hinders."""

    code: str
    at: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    ground: str = ""
    hinders: bool = True


@dataclass(frozen=True)
class Desks:
    """What the city knows of those a flow names: departments there are, posts somebody holds, persons who hold both posts.

    `held` are (department, role); `both` names whoever holds a reviewing and the deciding post of a flow.
    """

    departments: frozenset[str] | None = None
    held: frozenset[tuple[str, str]] | None = None
    both: tuple[str, ...] = ()
    windows: frozenset[tuple[str, str]] | None = None  # (hall, number of the window; empty: the hall itself)


@dataclass(frozen=True)
class Course:
    """One way cases go: the conditions that hold on it, and what is promised there, with its place."""

    holding: frozenset[str] = frozenset()
    promise_at: str = "/promise"
    promise: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def holds(self, condition: str) -> bool:
        return not condition or condition in self.holding


def remarks_on_flow(
    content: Mapping[str, Any], desks: Desks | None = None, courses: Sequence[Course] | None = None
) -> list[FlowRemark]:
    """Everything to say about a definition's flow. Without `courses`, every condition is tried both ways."""
    flow = content.get("flow") or {}
    if not flow.get("stages"):
        return [FlowRemark("no_stages", "/flow/stages")]
    if courses is None:
        courses = courses_of(content)
    try:
        goes = {stages_of(flow, course.holds): course for course in courses}
    except (KeyError, ValueError, TypeError):
        return [FlowRemark("flow_unreadable", "/flow/stages")]
    return [
        *_repeated(flow),
        *_disorder(flow),
        *_returns(flow),
        *_passed_over(flow, goes.values()),
        *_dead_ends(flow, str(content.get("project_type") or "2"), goes),
        *_limits(content, flow, courses),
        *_separation(flow, str(content.get("project_type") or "2")),
        *_desks(content, flow, desks or Desks()),
    ]


def _rows(flow: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield from enumerate(flow.get("stages") or ())


def _repeated(flow: Mapping[str, Any]) -> Iterator[FlowRemark]:
    seen: set[str] = set()
    for place, stage in _rows(flow):
        key = str(stage.get("key") or "")
        if key in seen or key == "accept":
            yield FlowRemark("stage_repeated", f"/flow/stages/{place}", {"key": key})
        seen.add(key)


def _disorder(flow: Mapping[str, Any]) -> Iterator[FlowRemark]:
    """Stages pass as review, decide, certify, deliver whatever the order they are written in; say so where it differs."""
    written = [id(stage) for _place, stage in _rows(flow) if stage.get("kind")]
    passed = [id(stage) for stage in in_order(flow)]
    if written != passed:
        yield FlowRemark("stages_reordered", "/flow/stages", hinders=False)


# --- which way a case may go ----------------------------------------------------------------------------------------------


def settings_of(conditions: Iterable[str]) -> list[frozenset[str]]:
    """Which of the conditions may hold together, when nothing else is known of them: all of them both ways.

    Of more than can be tried: none, all, each one alone and each one missing.
    """
    every = list(dict.fromkeys(conditions))
    if len(every) <= MOST_OPEN:
        choices = product((True, False), repeat=len(every))
        return [frozenset(one for one, yes in zip(every, chosen, strict=True) if yes) for chosen in choices]
    alone = [frozenset([one]) for one in every]
    missing = [frozenset(every) - {one} for one in every]
    return list(dict.fromkeys([frozenset(every), frozenset(), *alone, *missing]))


def courses_of(content: Mapping[str, Any]) -> list[Course]:
    """Every course, each condition either way and under each promise."""
    conditions = [text for _at, text in conditions_in(content.get("flow") or {})]
    promises = list(_promises(content)) or [("/promise", {})]
    return [Course(holding, at, promise) for holding in settings_of(conditions) for at, promise in promises]


def _passed_over(flow: Mapping[str, Any], courses: Iterable[Course]) -> Iterator[FlowRemark]:
    """A case that passes no decision its author wrote would be decided by nobody he named."""
    written = [(place, stage) for place, stage in _rows(flow) if stage.get("kind") in DECIDING]
    missed = (not any(takes_part(stage, course.holds) for _place, stage in written) for course in courses)
    if written and any(missed):  # no decision at all is told by the rules of definitions
        yield FlowRemark("decision_passed_over", f"/flow/stages/{written[0][0]}/when", ground=DECISION_LAW)


# --- where a case may go back to ------------------------------------------------------------------------------------------


def _returns(flow: Mapping[str, Any]) -> Iterator[FlowRemark]:
    """Stages named as ways back that are not there, or that do not lie before: going back there would go round for ever."""
    order = [str(stage.get("key")) for stage in in_order(flow)]
    names = {str(stage.get("key")): str(stage.get("name") or "") for _place, stage in _rows(flow)}
    for place, stage in _rows(flow):
        at, key = f"/flow/stages/{place}/return_to", str(stage.get("key"))
        targets = [str(target) for target in stage.get("return_to") or ()]
        if targets and stage.get("kind") not in ("review", *DECIDING):
            yield FlowRemark("return_too_late", at, {"name": stage.get("name")})
            continue
        for target in targets:
            values = {"name": stage.get("name"), "target": names.get(target, target)}
            if target not in order:
                yield FlowRemark("return_unknown", at, values)
            elif key in order and order.index(target) >= order.index(key):
                yield FlowRemark("return_in_circles", at, values)


# --- every case can end ---------------------------------------------------------------------------------------------------


def _given(verb: str, standing: Standing) -> Iterator[Given]:
    """Whoever acts, he says what the verb asks for; a decision goes every way there is."""
    if verb == "decide":
        yield from (Given(by="approver", result=result, reasons="x") for result in (Result.GRANTED, Result.REFUSED))
    else:
        yield Given(by="reviewer" if verb in ("review", "give_opinion") else "clerk", reasons="x")


def _followers(standing: Standing, verbs: list[str]) -> Iterator[Standing]:
    for verb in verbs:
        if standing.state not in MOVES[verb].start:
            continue  # what every obstacle would find first, for most verbs
        for given in _given(verb, standing):
            if not obstacles(standing, verb, given):
                yield moved(standing, verb, given)


# Ending a case against its purpose is no way out of a flow. What colleagues ask of one another beside it leads nowhere: it can
# be asked without end, so the standings would be without number, and it can always be let go of again.
AGAINST_ITS_PURPOSE = {"withdraw", "terminate", "void", "transfer", "lapse"}
BESIDE_THE_FLOW = {"claim", "reassign", "ask_opinions", "add_signer", "take_back", "urge", "offer_transfer"}
ONWARD = [verb for verb in MOVES if verb not in AGAINST_ITS_PURPOSE | BESIDE_THE_FLOW]


@lru_cache(maxsize=512)
def standings_without_end(stages: tuple[Stage, ...], project_type: str) -> list[Standing]:
    """The standings a case can come to from which no verb of the ordinary way leads to its end."""
    first = Standing(stages=stages, project_type=project_type)
    came_from: dict[Standing, list[Standing]] = {first: []}
    waiting = [first]
    while waiting and len(came_from) < MOST_STANDINGS:
        here = waiting.pop()
        for after in _followers(here, ONWARD):
            if after not in came_from:
                came_from[after] = []
                waiting.append(after)
            came_from[after].append(here)
    if waiting:
        return []  # more than can be looked at: nothing is claimed
    ends = [standing for standing in came_from if standing.state is State.CLOSED]
    reaching = set(ends)
    while ends:
        for before in came_from[ends.pop()]:
            if before not in reaching:
                reaching.add(before)
                ends.append(before)
    return [standing for standing in came_from if standing not in reaching]


def _dead_ends(flow: Mapping[str, Any], project_type: str, goes: Iterable[tuple[Stage, ...]]) -> Iterator[FlowRemark]:
    try:
        stuck = [standing for stages in goes for standing in standings_without_end(stages, project_type)]
    except (KeyError, ValueError, IndexError):
        yield FlowRemark("flow_unreadable", "/flow/stages")
        return
    places = {str(stage.get("key")): place for place, stage in _rows(flow)}
    for key in dict.fromkeys(standing.stage for standing in stuck):
        at = f"/flow/stages/{places[key]}" if key in places else "/flow/stages"
        yield FlowRemark("dead_end", at, {"key": key})


# --- limits ---------------------------------------------------------------------------------------------------------------


def days_of(flow: Mapping[str, Any], holds: Holds = always) -> int:
    """Working days from acceptance to the decision: stages one after the other, parts side by side."""
    return sum(
        stage.limit_days for stage in stages_of({"stages": in_order(flow)}, holds) if stage.kind in ("review", "decide")
    )


def _promises(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(content.get("promise"), dict):
        yield "/promise", content["promise"]
    pending = [(f"/situations/{n}", q) for n, q in enumerate(content.get("situations") or ())]
    while pending:
        at, question = pending.pop()
        for number, option in enumerate(question.get("options") or ()):
            here = f"{at}/options/{number}"
            if isinstance(option.get("promise"), dict):
                yield f"{here}/promise", option["promise"]
            pending += [(f"{here}/then/{n}", q) for n, q in enumerate(option.get("then") or ())]


def _limits(content: Mapping[str, Any], flow: Mapping[str, Any], courses: Sequence[Course]) -> Iterator[FlowRemark]:
    longest: dict[str, tuple[int, int]] = {}
    for course in courses:
        promised = course.promise.get("days")
        if isinstance(promised, int) and course.promise.get("unit", "1") == "1":
            days = max(days_of(flow, course.holds), longest.get(course.promise_at, (0, 0))[0])
            longest[course.promise_at] = (days, promised)
    for at, (days, promised) in longest.items():
        if days > promised:
            yield FlowRemark("limits_beyond_promise", at, {"days": days, "promise": promised}, LIMIT_LAW, hinders=False)
    for place, stage in _rows(flow):
        if (
            stage.get("kind") in ("review", "decide")
            and not stage.get("limit_days")
            and content.get("project_type") != INSTANT_ITEM
        ):
            yield FlowRemark(
                "stage_without_limit",
                f"/flow/stages/{place}/limit_days",
                {"name": stage.get("name")},
                LIMIT_LAW,
                hinders=False,
            )


# --- who ------------------------------------------------------------------------------------------------------------------


def _desk(part: Mapping[str, Any], kind: str) -> tuple[str, str]:
    kind = "decide" if kind == INSTANTLY else kind
    return str(part.get("department") or "self"), str(part.get("post") or DEFAULT_POSTS.get(kind, ""))


def desks_in(flow: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Every desk a flow names: (pointer, kind of the stage, department, role)."""
    found = [("/flow/accept/post", "accept", "self", str((flow.get("accept") or {}).get("post") or "clerk"))]
    for place, stage in _rows(flow):
        for number, part in enumerate(stage.get("parts") or ()):
            kind = str(stage.get("kind") or "")
            found.append((f"/flow/stages/{place}/parts/{number}", kind, *_desk(part, kind)))
    return found


def windows_in(flow: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every counter a flow names: (pointer, hall, number of the window)."""
    for place, stage in _rows(flow):
        for number, part in enumerate(stage.get("parts") or ()):
            if window := part.get("window"):
                at = f"/flow/stages/{place}/parts/{number}/window"
                yield at, str(window.get("hall") or ""), str(window.get("number") or "")


def _separation(flow: Mapping[str, Any], project_type: str) -> Iterator[FlowRemark]:
    if project_type == INSTANT_ITEM:
        return
    desks = desks_in(flow)
    reviewing = [(at, office, role) for at, kind, office, role in desks if kind == "review"]
    deciding = [(at, office, role) for at, kind, office, role in desks if kind == "decide"]
    for (_at, office, role), (at, other, its_role) in product(reviewing, deciding):
        if (office, role) == (other, its_role):
            yield FlowRemark("reviews_and_decides", at, {"post": role}, SEPARATE)


def _desks(content: Mapping[str, Any], flow: Mapping[str, Any], known: Desks) -> Iterator[FlowRemark]:
    own = str(content.get("department") or "")
    for at, _kind, office, role in desks_in(flow):
        name = own if office == "self" else office
        if office != "self" and known.departments is not None and name not in known.departments:
            yield FlowRemark("department_unknown", at, {"name": name})
        elif known.held is not None and name and (name, role) not in known.held:
            yield FlowRemark("post_not_held", at, {"department": name, "post": role}, hinders=False)
    for at, hall, number in windows_in(flow):
        if known.windows is not None and (hall, number) not in known.windows:
            yield FlowRemark("window_unknown", at, {"hall": hall, "number": number})
    for name in known.both:
        yield FlowRemark("person_does_both", "/flow/stages", {"name": name}, SEPARATE, hinders=False)
