"""Files chosen by what their names have in common: `*` is anything, `?` one character. Pure."""

from __future__ import annotations

import re
from functools import cache


def is_pattern(name: str) -> bool:
    """Whether it means several files and not one."""
    return "*" in name or "?" in name


def fits(name: str, pattern: str) -> bool:
    """Whether a file's name is of a pattern; letters of either size are the same, as on the desks that files come from."""
    return bool(_way(pattern).fullmatch(name))


@cache
def _way(pattern: str) -> re.Pattern[str]:
    signs = {"*": ".*", "?": "."}
    return re.compile("".join(signs.get(sign) or re.escape(sign) for sign in re.sub(r"\*+", "*", pattern)), re.I | re.S)
