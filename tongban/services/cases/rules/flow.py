"""The stages a case passes after acceptance, as its item version lays them down (收件 受理 审查 决定 制证 送达)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACCEPTING = "accept"  # the stage before the flow begins
KINDS = ("review", "decide", "certify", "deliver")
INSTANTLY = "instant"  # 即办: one desk looks, decides and hands out
DEFAULT_POSTS = {"review": "reviewer", "decide": "approver", "certify": "clerk", "deliver": "clerk"}
DEFAULT_NAMES = {"review": "审查", "decide": "决定", "certify": "制证", "deliver": "送达"}


@dataclass(frozen=True)
class Part:
    """One desk that works in a stage. `department` is `self` or the name of another one, which gives an opinion (会办)."""

    department: str = "self"
    post: str = "reviewer"


@dataclass(frozen=True)
class Stage:
    """A step of the flow. Its parts work side by side; it ends when all of them have."""

    key: str
    name: str
    kind: str
    limit_days: int = 0
    parts: tuple[Part, ...] = (Part(),)
    return_to: tuple[str, ...] = ()  # the earlier stages it may go back to, where the flow names them (退回路径)


def _stage(entry: Mapping[str, Any]) -> Stage:
    kind = "decide" if entry["kind"] == INSTANTLY else entry["kind"]
    parts = tuple(
        Part(part.get("department") or "self", part.get("post") or DEFAULT_POSTS[kind])
        for part in entry.get("parts") or ()
    )
    return Stage(
        key=entry["key"],
        name=entry.get("name") or DEFAULT_NAMES[kind],
        kind=kind,
        limit_days=int(entry.get("limit_days") or 0),
        parts=parts or (Part(post=DEFAULT_POSTS[kind]),),
        return_to=tuple(entry.get("return_to") or ()),
    )


def stages_of(flow: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The stages in order. A flow always has a decision and a delivery: what its author left out is added at the end."""
    stages = [_stage(entry) for entry in flow.get("stages") or () if entry.get("kind") in (*KINDS, INSTANTLY)]
    for kind in ("decide", "deliver"):
        if kind not in {stage.kind for stage in stages}:
            stages.append(_stage({"key": kind, "kind": kind}))
    return tuple(sorted(stages, key=lambda stage: KINDS.index(stage.kind)))


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
