"""The answers of a situation tree as conditions a material or a fee may depend on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def situations_in(tree: Any) -> list[tuple[str, str]]:
    """(`situation.house == 'rent'`, `店面是谁的？ 租的`) for every answer of every question."""
    return list(_answers(tree))


def _answers(tree: Any) -> Iterator[tuple[str, str]]:
    for question in tree if isinstance(tree, list) else []:
        if not isinstance(question, dict):
            continue
        for option in question.get("options") or []:
            if isinstance(option, dict) and question.get("key") and option.get("value"):
                condition = f"situation.{question['key']} == '{option['value']}'"
                yield condition, f"{question.get('question', '')} {option.get('label', '')}"
                yield from _answers(option.get("then"))
