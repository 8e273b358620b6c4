"""What is wrong with a flow before anybody goes through it: dead ends, limits beyond the promise, posts that check themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from .bpmn import in_order
from .flow import DEFAULT_POSTS, INSTANTLY, Stage, stages_of
from .results import Result
from .states import MOVES, Given, Standing, State, moved, obstacles

LIMIT_LAW = "行政许可法第四十二条"
SEPARATE = "行政许可法第三十四条；审批分离"
MOST_STANDINGS = 4000
INSTANT_ITEM = "1"


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


def remarks_on_flow(content: Mapping[str, Any], desks: Desks | None = None) -> list[FlowRemark]:
    """Everything to say about a definition's flow."""
    flow = content.get("flow") or {}
    if not flow.get("stages"):
        return [FlowRemark("no_stages", "/flow/stages")]
    return [
        *_repeated(flow),
        *_disorder(flow),
        *_dead_ends(flow, str(content.get("project_type") or "2")),
        *_limits(content, flow),
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


# --- every case can end ---------------------------------------------------------------------------------------------------


def _given(verb: str, standing: Standing) -> Iterator[Given]:
    """Whoever acts, he says what the verb asks for; a decision goes every way there is."""
    if verb == "decide":
        yield from (Given(by="approver", result=result, reasons="x") for result in (Result.GRANTED, Result.REFUSED))
    else:
        yield Given(by="reviewer" if verb in ("review", "give_opinion") else "clerk", reasons="x")


def _followers(standing: Standing, verbs: list[str]) -> Iterator[Standing]:
    for verb in verbs:
        for given in _given(verb, standing):
            if not obstacles(standing, verb, given):
                yield moved(standing, verb, given)


# Ending a case against its purpose is no way out of a flow.
ONWARD = [verb for verb in MOVES if verb not in ("withdraw", "terminate", "void", "transfer", "claim", "lapse")]


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


def _dead_ends(flow: Mapping[str, Any], project_type: str) -> Iterator[FlowRemark]:
    try:
        stuck = standings_without_end(stages_of(flow), project_type)
    except (KeyError, ValueError, IndexError):
        yield FlowRemark("flow_unreadable", "/flow/stages")
        return
    places = {str(stage.get("key")): place for place, stage in _rows(flow)}
    for key in dict.fromkeys(standing.stage for standing in stuck):
        at = f"/flow/stages/{places[key]}" if key in places else "/flow/stages"
        yield FlowRemark("dead_end", at, {"key": key})


# --- limits ---------------------------------------------------------------------------------------------------------------


def days_of(flow: Mapping[str, Any]) -> int:
    """Working days from acceptance to the decision: stages one after the other, parts side by side."""
    return sum(
        int(stage.get("limit_days") or 0)
        for stage in in_order(flow)
        if stage["kind"] in ("review", "decide", INSTANTLY)
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


def _limits(content: Mapping[str, Any], flow: Mapping[str, Any]) -> Iterator[FlowRemark]:
    days = days_of(flow)
    for at, promise in _promises(content):
        promised = promise.get("days")
        if isinstance(promised, int) and promise.get("unit", "1") == "1" and days > promised:
            values = {"days": days, "promise": promised}
            yield FlowRemark("limits_beyond_promise", at, values, LIMIT_LAW, hinders=False)
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
    for name in known.both:
        yield FlowRemark("person_does_both", "/flow/stages", {"name": name}, SEPARATE, hinders=False)
