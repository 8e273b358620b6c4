"""File names are kept for people and never trusted: not for the type, not for a path, not for a header."""

from __future__ import annotations

import re

LONGEST = 120
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_UNSAFE = re.compile(r'[<>:"|?*;]')


def tidy_name(name: str, extension: str = "") -> str:
    """Without folders, control and direction marks; never empty, never longer than 120, with its extension kept."""
    name = re.split(r"[/\\]", name)[-1]
    name = _UNSAFE.sub("_", _UNSEEN.sub("", name)).strip().rstrip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, extension
    stem = (stem.strip(" .") or "未命名")[: LONGEST - len(ending) - 1]
    return f"{stem}.{ending}" if ending else stem
