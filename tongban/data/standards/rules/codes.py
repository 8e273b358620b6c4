"""The values of a code set, as files bring them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tongban.foundation.kernel.cells import typed
from tongban.foundation.kernel.unseen import seen

MOST_CODES = 2_000_000  # the country's divisions down to villages are 665,000
TOLD = 20  # faults told of one file
# How files name the columns. The last four are the columns of the china-division package, the nearest above first.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "编码"),
    "name": ("name", "名称", "含义"),
    "parent": ("parent", "上级", "上级代码", "streetCode", "areaCode", "cityCode", "provinceCode"),
    "note": ("note", "备注", "说明"),
}


@dataclass(frozen=True)
class Code:
    """A code and what it means; `parent` is the code of what it belongs to."""

    code: str
    name: str
    parent: str = ""
    note: str = ""


def codes_of(lines: Iterable[Sequence[str]]) -> tuple[list[Code], list[tuple[str, dict[str, object]]]]:
    """The codes in the lines of a table, its first line naming the columns, and everything wrong with them as (fault, details)."""
    rows = iter(lines)
    places = _places(next(rows, []))
    if "code" not in places or "name" not in places:
        return [], [("no_header", {})]
    found = []
    for line in rows:
        said = {
            name: seen(typed(str(line[at]).replace("\x00", ""))) if at < len(line) else ""
            for name, at in places.items()
        }
        if any(said.values()):
            found.append(Code(**said))
        if len(found) > MOST_CODES:
            return [], [("too_many", {"most": MOST_CODES})]
    return found, code_faults(found)


def _places(header: Sequence[str]) -> dict[str, int]:
    said = [str(word).strip().lstrip("\ufeff") for word in header]
    return {
        name: said.index(word)
        for name, words in HEADERS.items()
        if (word := next((word for word in words if word in said), None))
    }


def code_faults(codes: Sequence[Code]) -> list[tuple[str, dict[str, object]]]:
    """The first of everything wrong: a code or name missing or too long, a code twice, a code that belongs to itself."""
    faults: list[tuple[str, dict[str, object]]] = [] if codes else [("empty", {})]
    seen: set[str] = set()
    for number, one in enumerate(codes, start=1):
        wrong = _wrong(one, seen)
        faults += [(wrong, {"number": number, "code": one.code[:40]})] if wrong else []
        seen.add(one.code)
        if len(faults) >= TOLD:
            break
    return faults


def _wrong(one: Code, seen: set[str]) -> str:
    if not one.code or not one.name:
        return "incomplete"
    if len(one.code) > 40 or len(one.name) > 200 or len(one.note) > 300 or len(one.parent) > 40:
        return "too_long"
    if one.code in seen:
        return "twice"
    return "own_parent" if one.parent == one.code else ""
