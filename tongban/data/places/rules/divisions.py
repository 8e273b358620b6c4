"""Codes of divisions: 2 digits a province, 4 a city, 6 a county, 9 a township or street, 12 a village or community."""

from __future__ import annotations

LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}


def level_of(code: str) -> int:
    """1 (province) to 5 (village); 0 for what is no code of a division."""
    return LEVELS.get(len(code), 0) if code.isascii() and code.isdigit() else 0


def ancestors_of(code: str) -> list[str]:
    """The codes above one, the province first."""
    return [code[:length] for length in LEVELS if length < len(code)]


def code_of_twelve(code: str) -> str:
    """A code filled up with zeros to twelve or six digits, as departments write it, made short again: 511602000000 is 511602."""
    if len(code) not in (6, 12):
        return code
    for length in (2, 4, 6, 9):
        if length < len(code) and not code[length:].strip("0"):
            return code[:length]
    return code
