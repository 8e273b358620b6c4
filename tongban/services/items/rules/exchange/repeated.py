"""What is said of most rows of a file: told once for all of them, not beside each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

FEWEST = 10  # rows; fewer are read one by one
OWN_WORD = frozenset({"code_replaced"})  # the word is each row's own, what is said is the same

Remark = Mapping[str, Any]


def same(remark: Remark) -> str:
    """What two remarks share that say the same of different rows."""
    word = "" if remark["code"] in OWN_WORD else str(remark["word"])
    return "|".join((str(remark["code"]), str(remark["title"]), word))


def repeated(rows: Sequence[Sequence[Remark]]) -> list[dict[str, Any]]:
    """Each hint that stands at more than half of the rows, as a note on the file. What keeps a row out is never left to it."""
    hints = {same(remark): remark for row in rows for remark in row if not remark["stop"]}
    counts = Counter(key for row in rows for key in {same(remark) for remark in row if not remark["stop"]})
    return [
        {"code": "repeated", "count": count, "same": key, "remark": dict(hints[key])}
        for key, count in counts.most_common()
        if count >= FEWEST and count * 2 > len(rows)
    ]
