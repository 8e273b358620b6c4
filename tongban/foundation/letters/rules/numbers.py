"""How a letter is numbered (机关代字 + 文种 + 〔year〕 + 第n号) and what text may stand in it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

# Marks that turn the direction of what follows (U+202A–202E, U+2066–2069, U+200E/F): they could make a letter show what it
# does not say. Control characters have no place in a letter either.
UNSHOWN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
SURROGATES = re.compile("[\ud800-\udfff]")
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread over the telephone


def letter_number(*, word: str, year: int, serial: int) -> str:
    """广卫准决字〔2026〕第12号; `word` is 机关代字 and 文种 together."""
    return f"{word}字〔{year}〕第{serial}号"


def agency_word(short_name: str) -> str:
    """机关代字 for a department that has set none: 区卫健局 → 广卫健, 广安区税务局 → 广税务."""
    core = short_name.removeprefix("广安区").removeprefix("区").removesuffix("局").removesuffix("办")
    return f"广{core[:4]}"


def chinese_day(day: date | str) -> str:
    """2026年3月1日; text passes through."""
    return day if isinstance(day, str) else f"{day.year}年{day.month}月{day.day}日"


def shown(value: Any) -> Any:
    """A value as a letter may show it: days in Chinese, texts without control and direction marks, all the way down."""
    if isinstance(value, dict):
        return {str(key): shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shown(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return chinese_day(value)
    text = SURROGATES.sub("", UNSHOWN.sub("", str(value)))
    return unicodedata.normalize("NFC", text)
