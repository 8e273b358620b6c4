"""The stages a case passes after acceptance, as its item version lays them down (收件 受理 审查 决定 制证 送达)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ACCEPTING = "accept"  # the stage before the flow begins
KINDS = ("review", "decide", "certify", "deliver")
INSTANTLY = "instant"  # 即办: one desk looks, decides and hands out
DEFAULT_POSTS = {"review": "reviewer", "decide": "approver", "certify": "clerk", "deliver": "clerk"}
DEFAULT_NAMES = {"review": "审查", "decide": "决定", "certify": "制证", "deliver": "送达"}
Holds = Callable[[str], bool]  # whether a condition is met in a case; no condition always is


@dataclass(frozen=True)
class Part:
    """One desk that works in a stage. `department` is `self` or the name of another one, which gives an opinion (会办).

    `division` is where that department is (12 digits; empty: where the case is), `hall` and `window` at which counter the
    step is done: every window of the hall when `window` is empty, anywhere when both are.
    """

    department: str = "self"
    post: str = "reviewer"
    division: str = ""
    hall: str = ""
    window: str = ""


@dataclass(frozen=True)
class Stage:
    """A step of the flow. Its parts work side by side; it ends when all of them have."""

    key: str
    name: str
    kind: str
    limit_days: int = 0
    parts: tuple[Part, ...] = (Part(),)
    return_to: tuple[str, ...] = ()  # the earlier stages it may go back to, where the flow names them (退回路径)


def always(_condition: str) -> bool:
    """Every condition is met: the flow with all its stages."""
    return True


def _part(part: Mapping[str, Any], kind: str) -> Part:
    window = part.get("window") or {}
    return Part(
        department=part.get("department") or "self",
        post=part.get("post") or DEFAULT_POSTS[kind],
        division=part.get("division") or "",
        hall=window.get("hall") or "",
        window=window.get("number") or "",
    )


def _stage(entry: Mapping[str, Any], holds: Holds = always) -> Stage | None:
    """A stage with the parts that take part; None where it is passed over: its condition fails, or that of all its parts."""
    kind = "decide" if entry["kind"] == INSTANTLY else entry["kind"]
    written = entry.get("parts") or ()
    parts = tuple(_part(part, kind) for part in written if holds(part.get("when") or ""))
    if not holds(entry.get("when") or "") or (written and not parts):
        return None
    return Stage(
        key=entry["key"],
        name=entry.get("name") or DEFAULT_NAMES[kind],
        kind=kind,
        limit_days=int(entry.get("limit_days") or 0),
        parts=parts or (Part(post=DEFAULT_POSTS[kind]),),
        return_to=tuple(entry.get("return_to") or ()),
    )


def takes_part(entry: Mapping[str, Any], holds: Holds) -> bool:
    """Whether a case passes this stage."""
    return _stage(entry, holds) is not None


def stages_of(flow: Mapping[str, Any], holds: Holds = always) -> tuple[Stage, ...]:
    """The stages of a case in order: those whose `when` holds.

    A flow always has a decision and a delivery: what its author left out is added at the end.
    """
    known = [entry for entry in flow.get("stages") or () if entry.get("kind") in (*KINDS, INSTANTLY)]
    stages = [stage for stage in (_stage(entry, holds) for entry in known) if stage]
    for kind in ("decide", "deliver"):
        if kind not in {stage.kind for stage in stages}:
            stages += [stage for stage in [_stage({"key": kind, "kind": kind})] if stage]
    return tuple(sorted(stages, key=lambda stage: KINDS.index(stage.kind)))


def conditions_in(flow: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every condition of a flow with its pointer into the definition: those of the stages and of their parts."""
    for place, stage in enumerate(flow.get("stages") or ()):
        if text := str(stage.get("when") or "").strip():
            yield f"/flow/stages/{place}/when", text
        for number, part in enumerate(stage.get("parts") or ()):
            if text := str(part.get("when") or "").strip():
                yield f"/flow/stages/{place}/parts/{number}/when", text


def next_stage(stages: tuple[Stage, ...], key: str) -> Stage | None:
    """The stage after `key`; the first one for `accept`; None after the last."""
    if key == ACCEPTING:
        return stages[0]
    keys = [stage.key for stage in stages]
    place = keys.index(key) + 1
    return stages[place] if place < len(stages) else None


def ways_back(stages: tuple[Stage, ...], key: str) -> tuple[Stage, ...]:
    """The stages a case may be returned to from the one it is in, in their order: those the flow names, else the one before.

    Never past acceptance, and never from behind the decision: both are answers the applicant holds in his hand.
    """
    here = next((stage for stage in stages if stage.key == key), None)
    if here is None or here.kind not in ("review", "decide"):
        return ()
    earlier = stages[: stages.index(here)]
    return tuple(stage for stage in earlier if stage.key in here.return_to) or earlier[-1:]
