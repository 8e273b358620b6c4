"""How much is made up: little and always the same in every run of the tests, much and ever other by `make fuzz`."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings

LONG = os.environ.get("TONGBAN_FUZZING") == "long"


def examples(*, short: int, long: int) -> int:
    return long if LONG else short


def made_up(max_examples: int, **more: Any) -> settings:
    """What a long run finds stays in `.hypothesis`, and the next run begins with it."""
    phases = (Phase.reuse, Phase.generate, Phase.shrink) if LONG else (Phase.generate,)
    return settings(
        max_examples=max_examples, derandomize=not LONG, phases=phases, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=LONG, **({} if LONG else {"database": None}), **more,
    )  # fmt: skip
