"""Keep what a function answered for a short while, in this process: for the hot paths, where a query each time would cost more."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
MOST = 2000  # answers of one function; then all are forgotten

_forgetters: list[Callable[[], None]] = []


def kept(*, seconds: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """What the function answers for the same (hashable) arguments is answered again for so many seconds.

    So a change made elsewhere is noticed within that time, not at once: only for what may be so late.
    """

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        answers: dict[object, tuple[float, R]] = {}
        _forgetters.append(answers.clear)

        @wraps(function)
        def answer(*args: P.args, **named: P.kwargs) -> R:
            key = (args, tuple(sorted(named.items())))
            held = answers.get(key)
            if held is not None and held[0] > time.monotonic():
                return held[1]
            if len(answers) >= MOST:
                answers.clear()
            found = function(*args, **named)
            answers[key] = (time.monotonic() + seconds, found)
            return found

        return answer

    return keeping


def also_forget(forget: Callable[[], None]) -> Callable[[], None]:
    """What a module keeps in its own way is forgotten with the rest."""
    _forgetters.append(forget)
    return forget


def forget_kept() -> None:
    """Forget every answer kept in this process; for tests, whose database begins anew each time."""
    for forget in _forgetters:
        forget()
