"""办件编号: implementation code (31) + day (8) + serial of that day and item (4).."""

from __future__ import annotations

from datetime import date

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and no O, which people read as digits
WIDTH = 4
DIGITS_ONLY = 10**WIDTH - 1


def serial_text(serial: int) -> str:
    """Four characters: 0001–9999, then A000–Z999, AA00–ZZ99, AAA0–ZZZ9, AAAA–ZZZZ (561 615 a day and item).

    Nobody is refused because a day was busy: the standard's four places are filled with letters from the left, so the
    number keeps its length; past the last of these the serial simply grows longer, which collides with nothing.
    """
    if serial <= DIGITS_ONLY:
        return f"{serial:0{WIDTH}d}"
    rest = serial - DIGITS_ONLY - 1
    for letters in range(1, WIDTH + 1):
        digits = WIDTH - letters
        room = len(LETTERS) ** letters * 10**digits
        if rest < room:
            head, tail = divmod(rest, 10**digits)
            return _in_letters(head, letters) + (f"{tail:0{digits}d}" if digits else "")
        rest -= room
    return str(10**WIDTH + rest)


def _in_letters(value: int, width: int) -> str:
    text = ""
    for _ in range(width):
        value, digit = divmod(value, len(LETTERS))
        text = LETTERS[digit] + text
    return text


def number_prefix(task_code: str, on: date) -> str:
    """What all numbers of one item and day begin with; the serial is counted under it."""
    return f"{task_code}{on:%Y%m%d}"


def compose_project_no(task_code: str, on: date, serial: int) -> str:
    """43 characters for a 31-character implementation code, 45 for a 33-character handling item."""
    return number_prefix(task_code, on) + serial_text(serial)
