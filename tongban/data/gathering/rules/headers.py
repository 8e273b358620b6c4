"""Where a sheet's header ends and what its columns are called, when it has a title, merged cells or several header rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

MOST_HEADER_ROWS = 5


def header(lines: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """(rows before the first row of data, names of the columns); merged cells hold their value in each cell.

    A row with one and the same text all over is a title; a row in which neighbours are the same has a further one below it.
    """
    title = 0
    while title < min(len(lines), MOST_HEADER_ROWS) and _is_title(lines[title], lines):
        title += 1
    last = title
    while last < min(len(lines) - 1, title + MOST_HEADER_ROWS) and _is_split(lines[last]):
        last += 1
    return last + 1, _names(lines[title : last + 1])


def _is_title(line: Sequence[str], lines: Sequence[Sequence[str]]) -> bool:
    texts = [text for text in line if text]
    alone = len(texts) == 1 or (len(texts) == len(line) and len(set(texts)) == 1)
    return alone and max(len(other) for other in lines[:20]) > 1


def _is_split(line: Sequence[str]) -> bool:
    return any(left and left == right for left, right in pairwise(line))


def _names(lines: Sequence[Sequence[str]]) -> list[str]:
    """Each column's texts from above to below, none said twice; `列3` for one without, `姓名_2` for one that comes again."""
    names: list[str] = []
    for place in range(max((len(line) for line in lines), default=0)):
        texts = dict.fromkeys(line[place].strip() for line in lines if place < len(line) and line[place].strip())
        name = "_".join(texts) or f"列{place + 1}"
        again = sum(1 for other in names if other == name or other.startswith(f"{name}_"))
        names.append(f"{name}_{again + 1}" if again else name)
    return names
