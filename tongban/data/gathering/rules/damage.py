"""Where a row stood that could not be taken apart, and what stood there: as the readers of files write it down (`_reject`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE = re.compile(r"(\d+): (.*)", re.S)  # a line of a text, counted from 1
CELLS = re.compile(r"\S.*![A-Z]{1,3}\d+")  # 花名册!C2 花名册!D2
LONGEST = 200  # characters of it that are shown


@dataclass(frozen=True)
class Damage:
    """`line` of the file (0: unknown) or `cells` of the workbook; `text` is the row as it stands, empty for who may not see all of it."""

    line: int = 0
    cells: str = ""
    text: str = ""


def damage(reject: str, *, whole: bool) -> Damage:
    """`whole`: whoever looks may see every value of a row."""
    line = LINE.fullmatch(reject)
    if line:
        return Damage(int(line[1]), text=line[2][:LONGEST] if whole else "")
    if not reject.startswith("{") and CELLS.fullmatch(reject):
        return Damage(cells=reject[:LONGEST])
    return Damage(text=reject[:LONGEST] if whole else "")
