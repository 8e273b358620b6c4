"""How much is made up: little and always the same in every run of the tests, much and ever other by `make fuzz`."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tongban.config.launch.cluster import ROOT

LONG = os.environ.get("TONGBAN_FUZZING") == "long"
WHOLE = 120  # minutes that all the examples of a long run take on a quiet machine
MINUTES = int(os.environ.get("TONGBAN_FUZZING_MINUTES", WHOLE))
FOUND = ROOT / ".data" / "fuzz"  # what long runs found: examples to be tried again, and the report of each fault


def examples(*, short: int, long: int) -> int:
    return max(short, long * MINUTES // WHOLE) if LONG else short


def made_up(max_examples: int, **more: Any) -> settings:
    """What a long run finds is kept, and the next long run begins with it."""
    kept: dict[str, Any] = {"database": DirectoryBasedExampleDatabase(FOUND / "examples") if LONG else None}
    phases = (Phase.reuse, Phase.generate, Phase.shrink) if LONG else (Phase.generate,)
    return settings(
        max_examples=max_examples, derandomize=not LONG, phases=phases, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=LONG, **kept, **more,
    )  # fmt: skip
