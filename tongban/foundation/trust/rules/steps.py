"""What a check found, step by step, so that a page can show each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step of a check: its name, whether it holds (None: it cannot be told), and a sentence for people."""

    name: str
    ok: bool | None
    words: Any


def stands(steps: Iterable[Step]) -> bool | None:
    """False as soon as one step fails, None when one cannot be told, True when all hold; no step at all proves nothing."""
    found = {step.ok for step in steps}
    if not found or (None in found and False not in found):
        return None
    return False not in found
