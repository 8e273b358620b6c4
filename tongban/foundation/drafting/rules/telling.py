"""What an edit did, step by step, so that it can be said in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .changes import ADDED, CHANGED, MOVED, REMOVED


@dataclass(frozen=True)
class Step:
    """One thing an edit did at a place."""

    kind: str
    path: str
    old: Any = None
    new: Any = None


def steps_of(ops: Sequence[Mapping[str, Any]], inverse: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The steps of an edit. A row taken out and put in again elsewhere was moved; emptiness filled was added."""
    steps: list[Step] = []
    for op, back in zip(ops, reversed(inverse), strict=True):
        step = _step(op, back)
        if steps and steps[-1].kind == REMOVED and step.kind == ADDED and steps[-1].old == step.new:
            step = Step(MOVED, step.path, steps.pop().path, step.path)
        steps.append(step)
    return steps


def _step(op: Mapping[str, Any], back: Mapping[str, Any]) -> Step:
    old, new = back.get("value"), op.get("value")
    if op["op"] == "remove":
        return Step(REMOVED, op["path"], old, None)
    if back["op"] == "remove" or _is_empty(old):
        return Step(ADDED, op["path"], None, new)
    return Step(REMOVED if _is_empty(new) else CHANGED, op["path"], old, new)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == []
