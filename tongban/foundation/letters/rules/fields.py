"""What a letter can be filled with: one table, by step, in the room's `fields.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parents[1] / "fields.yaml"
MATERIALS = [
    {"name": "经营场所平面图", "form": "电子", "copies": "1", "note": "标明各功能间"},
    {"name": "卫生检测报告", "form": "纸质", "copies": "1", "note": "一年内"},
]
CONTENT = [["许可项目", "住宿场所"], ["经营地址", "广安区思源大道1号"]]


@dataclass(frozen=True)
class Field:
    """One thing a gap can be filled with; `several` says that it is a list of texts."""

    name: str
    key: str
    several: bool
    sample: Any


@cache
def _table() -> dict[str, tuple[Field, ...]]:
    raw: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(_FILE.read_text())
    return {
        step: tuple(Field(name, row["key"], row.get("several", False), row["sample"]) for name, row in rows.items())
        for step, rows in raw.items()
    }


STEPS = tuple(step for step in _table() if step != "common")


def fields_of(step: str) -> tuple[Field, ...]:
    """The fields of a step's letter, its own first; the common ones alone for a step that has none."""
    return (*_table().get(step, ()), *_table()["common"])


def sample_of(step: str, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Made-up data for a preview; `labels`: questions of the form and what a sample answer looks like."""
    data = {field.key: field.sample for field in reversed(fields_of(step))}
    return data | {
        "materials": MATERIALS,
        "content": CONTENT,
        "answers": dict(labels or {}),
        "verify_code": "SAMPLE234567",
    }
