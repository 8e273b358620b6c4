"""Which standard a data item is probably written by: by what it says of itself, then by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

SURE, LIKELY = 0.95, 0.6  # told as certain; worth showing


@dataclass(frozen=True)
class Known:
    """A standard as far as names go. `names`: its name and those it also has."""

    id: Any
    kind: str
    key: str
    names: tuple[str, ...]
    english: str = ""


def names_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """A standard's name and its synonyms."""
    said = [str(content.get("name", "")), *str(content.get("synonyms", "")).replace("，", "、").split("、")]
    return tuple(name.strip() for name in said if name.strip())


def likely(item: Mapping[str, str], standards: Iterable[Known], most: int = 3) -> list[tuple[Known, float]]:
    """The standards a data item (`name`, `english`, `element`, `code_set`) may be written by, the likeliest first, 0 to 1.

    An element goes before the code set it uses: it says more.
    """
    found = [(one, _likeness(item, one)) for one in standards]
    found = [(one, score) for one, score in found if score >= LIKELY]
    return sorted(found, key=lambda told: (-told[1], told[0].kind != "element", told[0].key))[:most]


def _likeness(item: Mapping[str, str], one: Known) -> float:
    if one.key and one.key == item.get("element"):
        return 1.0
    by_name = max((_alike(item.get("name", ""), name) for name in one.names), default=0.0)
    by_english = 0.9 if one.english and one.english.lower() == item.get("english", "").lower() else 0.0
    by_codes = 0.9 if one.kind == "code_set" and one.key and one.key == item.get("code_set") else 0.0
    return max(by_name, by_english, by_codes)


def _alike(left: str, right: str) -> float:
    """1 the same; a name within the other more the longer it is; else how many characters they share in order, less a little."""
    a, b = left.strip(), right.strip()
    if not a or not b:
        return 0.0
    if a == b or a in (f"{b}代码", f"{b}名称") or b in (f"{a}代码", f"{a}名称"):
        return 1.0
    if a in b or b in a:
        return 0.6 + 0.35 * min(len(a), len(b)) / max(len(a), len(b))
    return 0.8 * SequenceMatcher(None, a, b).ratio()
