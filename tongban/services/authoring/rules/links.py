"""The addresses and telephone numbers written in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

URL = re.compile(r"https?://[^\s<>\"'，。；）)]{1,490}")
OFFLINE = "offline"
PHONE = re.compile(r"(?:0\d{2,3}-\d{7,8}(?:-\d{1,4})?|0\d{2,3}-1\d{4}|1[3-9]\d{9}|1\d{4}|[48]00-?\d{3}-?\d{4})")


def urls_in(content: Any) -> dict[str, str]:
    """Pointer → the first address written there, wherever in the document."""
    return {path: found.group() for path, text in _texts(content, "") if (found := URL.search(text))}


def is_cut_off(faults: Iterable[str]) -> bool:
    """Whether nothing at all was reached: then it is this installation that has no way out, not the addresses that are dead."""
    found = [fault for fault in faults if fault not in ("form", "inside")]
    return bool(found) and all(fault in ("name", "timeout", "refused", OFFLINE) for fault in found)


def is_phone(text: str) -> bool:
    """One number or several, each such as 0826-2345678, a mobile, 12345 or a 400 number."""
    return all(PHONE.fullmatch(part.strip()) for part in re.split(r"[、，,;；/]", text))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{path}/{place}")
    elif isinstance(value, str):
        yield path, value
