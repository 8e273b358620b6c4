"""Words to look for in the catalogue: Chinese has no spaces, so what is found nowhere as a whole is looked for by twos."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

MOST_TERMS = 8


def plain(text: str) -> str:
    """Full width becomes half, capitals small."""
    return unicodedata.normalize("NFKC", text).casefold()


def terms(text: str) -> list[str]:
    return list(dict.fromkeys(plain(text)[:100].split()))[:MOST_TERMS]


def twos(term: str) -> list[str]:
    """营业执照 → 营业, 业执, 执照; a short word is itself."""
    return list(dict.fromkeys(term[place : place + 2] for place in range(len(term) - 1))) or [term]


def words_of(content: Mapping[str, Any], *more: str) -> str:
    """Everything of a text that is looked through."""
    items = (f"{item['name']} {item['english']}" for item in content.get("items", []))
    said = [content.get("name", ""), content.get("abstract", ""), content.get("summary", ""), *items, *more]
    return plain("\n".join(text for text in said if text))
