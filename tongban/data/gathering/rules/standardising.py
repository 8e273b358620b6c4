"""Steps and checks of a column as a steward chooses them, and as a data element or a code set offers them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Step = Mapping[str, Any]
STEPS = ("half_width", "blanks", "digits", "upper", "date", "codes", "division")
MOST_STEPS = 10  # of one column
SIGNS = {"n": "[0-9]*", "a": "[A-Za-z]*", "an": "[0-9A-Za-z]*"}
# Names of data elements whose numbers can be worked out.
DIGITS = {
    "公民身份号码": "id_number", "统一社会信用代码": "uscc", "移动电话号码": "mobile", "手机号码": "mobile",
}  # fmt: skip


def moved(steps: Sequence[Step], at: int, by: int) -> list[Step]:
    """Step `at` one place up (-1) or down (1); at an end, or where there is none, nothing moves."""
    found, to = list(steps), at + by
    if 0 <= at < len(found) and 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
    return found


def pairs_of(text: str) -> tuple[dict[str, str], list[int]]:
    """What was typed as `男 = 1`, a pair a line; and the lines, counted from 1, that are no pair."""
    pairs: dict[str, str] = {}
    odd: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        said, sign, code = line.replace("＝", "=").partition("=")
        if sign and said.strip() and code.strip():
            pairs[said.strip()] = code.strip()
        elif line.strip():
            odd.append(number)
    return pairs, odd


def lines_of(pairs: Mapping[str, str]) -> str:
    return "\n".join(f"{said} = {code}" for said, code in pairs.items())


def places_of(places: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Name → code of places (code, name, code of what each lies in), as addresses name them: alone where nothing else is called so, and

    after the name of what it lies in. Two that are called the same in the same place are left out: nothing is guessed.
    """
    known = list(places)
    names = {code: name for code, name, _within in known}
    alone = Counter(name for _code, name, _within in known)
    said = [(name, code) for code, name, _within in known if alone[name] == 1]
    said += [(f"{names[within]}{name}", code) for code, name, within in known if within in names]
    often = Counter(name for name, _code in said)
    return {name: code for name, code in said if often[name] == 1}


def offered(element: Mapping[str, Any], limits: Mapping[str, Any] | None, kind: str) -> dict[str, Any]:
    """The checks that a data element's content offers a column of this kind: `check`, `code_set`, `asked`."""
    found: dict[str, Any] = {"check": DIGITS.get(str(element.get("name", "")), "")}
    found["code_set"] = str(element.get("code_set") or "")
    asked: list[dict[str, Any]] = []
    if kind == "text" and limits and not found["check"]:
        ends = {name: str(limits[name]) for name in ("least", "most") if limits.get(name)}
        asked += [{"kind": "length", **ends}] if ends else []
        asked += [{"kind": "format", "pattern": SIGNS[limits["signs"]]}] if limits["signs"] in SIGNS else []
    return found | {"asked": asked}
