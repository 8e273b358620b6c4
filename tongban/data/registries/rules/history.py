"""Two axes of time: when a value is true, and when we knew. What was known on day X of day Y."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Known:
    """What we said of one element from a moment on: `value`, true since `since`."""

    known_at: datetime
    since: date
    value: Any
    entry: Mapping[str, Any]


def value_on(said: Iterable[Known], *, known_by: datetime, day: date) -> Known | None:
    """The value for `day` as it was known at `known_by`; None: nothing was known of that day.

    Whatever is said later overrides what was said before, from its `since` on: a move adds a span, and a correction that
    reaches further back takes its predecessors' place. A value is taken to hold until the next begins.
    """
    spans: list[Known] = []
    for one in sorted((each for each in said if each.known_at <= known_by), key=lambda each: each.known_at):
        spans = [span for span in spans if span.since < one.since]
        spans.append(one)
    return next((span for span in reversed(spans) if span.since <= day), None)


def spans_of(said: Iterable[Known], *, known_by: datetime) -> list[Known]:
    """All values that were ever true by what was known at a moment, the oldest first; the same value in a row is told once."""
    spans: list[Known] = []
    for one in sorted((each for each in said if each.known_at <= known_by), key=lambda each: each.known_at):
        spans = [span for span in spans if span.since < one.since]
        if not spans or spans[-1].value != one.value:
            spans.append(one)
    return spans
