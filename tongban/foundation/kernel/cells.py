"""The text of a spreadsheet's cell. A program takes one that begins like a formula for a formula, and runs it."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """The text with an apostrophe before it where it would be run; by that such a program knows it for a text."""
    return f"'{text}" if text.startswith(FORMULA) else text


def typed(text: str) -> str:
    """What somebody typed, of what `inert` may have made of it."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text
