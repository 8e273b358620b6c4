"""How a body is read: UTF-8, JSON with finite numbers, and no text or depth that the house could not keep."""

from __future__ import annotations

import json
import math
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

DEEPEST = 64  # levels of lists and objects; no shape of ours has a dozen


class StrictParser(Parser):
    """Whatever it refuses is answered as a body that cannot be read (400)."""

    def parse_body(self, request: HttpRequest) -> Any:
        text = request.body.decode()  # the library would let lone surrogates pass, and guess at other encodings
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        # Only what is escaped, or has so many levels at all, can hold what is looked for.
        if "\\u" in text or text.count("[") + text.count("{") > DEEPEST:
            _look_into(value)
        return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number


def _look_into(value: Any) -> None:
    """PostgreSQL keeps no NUL, and UTF-8 has no half of a character."""
    level = [value]
    for _ in range(DEEPEST):
        for one in level:
            if isinstance(one, str) and b"\x00" in one.encode():
                raise ValueError("NUL in a text")
        inside = [row for row in level if isinstance(row, (list, dict))]
        level = [part for row in inside for part in (row if isinstance(row, list) else [*row, *row.values()])]
        if not level:
            return
    raise ValueError("too deep")
