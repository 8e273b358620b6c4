"""What a work of the lake does with a value, step by step; `lake/rules/works.py` compiles the same work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def steps_of(column: Mapping[str, Any], *, is_key: bool = False, newest: bool = False) -> list[tuple[str, str]]:
    """(code, detail) of each step between a source's column and a dataset's."""
    steps = [("trim", "")]
    steps += [("steps", str(step.get("do", ""))) for step in column.get("steps") or ()]
    steps += [("read", str(column.get("kind") or "text"))]
    steps += [("check", str(column["check"]))] if column.get("check") else []
    steps += [("codes", str(len(column["codes"])))] if column.get("codes") else []
    steps += [("required", "")] if column.get("required") else []
    steps += [("key", "")] if is_key else []
    steps += [("newest", "")] if newest else []
    return steps
