"""The sample answers that come with each definition, as somebody would give them on a certain day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "definitions" / "samples"
WRITTEN_ON = date(2026, 11, 20)
# Birthdays and old papers stay as they are; leases, notices and plans lie around the day they are told on.
MOVES_SINCE = "2025-01-01"


@cache
def _read(code: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{code}.yaml").read_text("utf-8"))


def codes() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def sample(code: str, *, on: date) -> dict[str, Any]:
    """An item's sample: `applicant`, `situation`, `answers` and `variants`, with recent dates moved to lie around `on`."""
    return _moved(_read(code), on - WRITTEN_ON)


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {key: _moved(part, by) for key, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    if isinstance(value, str) and len(value) == len(MOVES_SINCE) and value >= MOVES_SINCE:
        try:
            return (date.fromisoformat(value) + by).isoformat()
        except ValueError:
            return value
    return value
