"""What changed between two texts of a definition, as single things a colleague can be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.foundation.kernel.canonical import canonical

from .defaults import ITEM, LISTS

Place = tuple[tuple[str, str], ...]

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
ELEMENTS, MATERIALS, SITUATIONS, FORM, FLOW, FEES, RESULTS = (
    "elements", "materials", "situations", "form", "flow", "fees", "results",
)  # fmt: skip
PARTS = (ELEMENTS, MATERIALS, SITUATIONS, FORM, FLOW, FEES, RESULTS)
PART_OF = {
    "materials": MATERIALS, "situations": SITUATIONS, "form": FORM, "flow": FLOW, "special_procedures": FLOW,
    "extension": FLOW, "fees": FEES, "pay_online": FEES, "results": RESULTS, "mail_result": RESULTS,
}  # fmt: skip
# By what a row of a list is recognised in both texts. A list whose rows repeat it is told as a whole.
KNOWN_BY: dict[str, tuple[str, ...]] = {
    "materials": ("key",), "groups": ("key",), "fields": ("key",), "stages": ("key",), "fees": ("key",),
    "special_procedures": ("key",), "situations": ("key",), "then": ("key",), "options": ("value",),
    "parts": ("department", "post"), "by_law": ("law", "clause"), "questions": ("q",), "results": ("name",),
    "locations": ("hall", "window"), "checks": ("expr",),
}  # fmt: skip
# Where the name is also what a row is recognised by, a row that lost its partner is taken for the one in the same place.
RENAMED = frozenset({"by_law", "questions", "results", "locations", "checks"})
NAMES = ("name", "label", "title", "question", "q", "law", "hall", "department", "message", "key", "value")
WHOLE = frozenset({"statutory", "promise", "tolerance", "extension"})
BOOKKEEPING = frozenset({"version", "effective_on", "dept_code"})  # follow from the publication, not from the text
PLAIN_FLAGS = frozenset({"required", "carry", "mobile", "detail", "opinion"})  # left out means no


@dataclass(frozen=True)
class Difference:
    """One thing that changed. `path` points into the newer text, for what was removed into the older one; `place` are the
    rows around it as (list, name); `element` is the element, or the list a row was added to."""

    path: str
    part: str
    kind: str
    place: Place
    element: str
    old: Any = None
    new: Any = None


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every change of content, part by part. Nothing said, an empty text and an element's default are the same."""
    before, after = comparable(old), comparable(new)
    found = [one for key in _keys(before, after) for one in _element(before, after, key)]
    return sorted(found, key=lambda one: PARTS.index(one.part))


def comparable(content: Mapping[str, Any]) -> dict[str, Any]:
    """A definition, finished or not, with the defaults written in and everything that says nothing left out."""
    filled = {key: value for key, value in (ITEM | dict(content)).items() if key not in BOOKKEEPING}
    for name, defaults in LISTS.items():
        rows = filled.get(name)
        if isinstance(rows, list):
            filled[name] = [{**defaults, **row} if isinstance(row, dict) else row for row in rows]
    pruned = _pruned(filled)
    return pruned if isinstance(pruned, dict) else {}


def _pruned(value: Any, key: str = "") -> Any:
    """Without what says nothing; None when nothing is left."""
    if isinstance(value, dict):
        kept = {name: _pruned(inner, name) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner is not None} or None
    if isinstance(value, list):
        return [_pruned(inner) for inner in value] or None
    says_nothing = value == "" or (value is False and key in PLAIN_FLAGS)
    return None if says_nothing else value


def _keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [*new, *(key for key in old if key not in new)]


def same(old: Any, new: Any) -> bool:
    """Whether two values say the same; yes is not 1."""
    return type(old) is type(new) and canonical(old) == canonical(new)


def _element(old: Mapping[str, Any], new: Mapping[str, Any], key: str) -> Iterator[Difference]:
    part = PART_OF.get(key, ELEMENTS)
    yield from _compare(_Spot(f"/{key}", part, (), key, key), old.get(key), new.get(key))


@dataclass(frozen=True)
class _Spot:
    path: str
    part: str
    place: Place
    element: str  # dotted from the row it belongs to
    name: str  # the last step

    def inner(self, name: str) -> _Spot:
        return _Spot(f"{self.path}/{_escaped(name)}", self.part, self.place, f"{self.element}.{name}", name)

    def row(self, position: int, called: str) -> _Spot:
        return _Spot(f"{self.path}/{position}", self.part, (*self.place, (self.name, called)), "", "")

    def of_row(self, name: str) -> _Spot:
        return _Spot(f"{self.path}/{_escaped(name)}", self.part, self.place, name, name)

    def told(self, kind: str, old: Any = None, new: Any = None, *, position: int | None = None) -> Difference:
        path = self.path if position is None else f"{self.path}/{position}"
        return Difference(path, self.part, kind, self.place, self.element, old, new)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _compare(spot: _Spot, old: Any, new: Any) -> Iterator[Difference]:
    if same(old, new):
        return
    if spot.name in WHOLE:
        yield spot.told(CHANGED, old, new)
    elif _is_list(old) and _is_list(new) and old is not new:
        yield from _lists(spot, old or [], new or [])
    elif isinstance(old or new, dict) and isinstance(new or old, dict):
        for key in _keys(old or {}, new or {}):
            yield from _compare(spot.inner(key), (old or {}).get(key), (new or {}).get(key))
    else:
        yield spot.told(CHANGED, old, new)


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, list)


def _lists(spot: _Spot, old: list[Any], new: list[Any]) -> Iterator[Difference]:
    known_by = KNOWN_BY.get(spot.name)
    olds, news = _identities(old, known_by), _identities(new, known_by)
    if olds is None or news is None:
        yield spot.told(CHANGED, old, new)
        return
    pairs = _paired(olds, news, renamed=spot.name in RENAMED)
    for a, b in pairs:
        yield from _row(spot, old, new, a, b)
    if _moved(pairs):
        yield spot.told(MOVED, [name_of(row) for row in old], [name_of(row) for row in new])


def _identities(rows: list[Any], known_by: tuple[str, ...] | None) -> list[str] | None:
    """What each row is recognised by; None when that does not tell them apart."""
    if known_by is None:
        marks = [canonical(row).decode() for row in rows]
    elif all(isinstance(row, dict) for row in rows):
        marks = [canonical([row.get(name) for name in known_by]).decode() for row in rows]
    else:
        return None
    return marks if max(Counter(marks).values(), default=1) == 1 else None


Pair = tuple[int | None, int | None]


def _paired(old: list[str], new: list[str], *, renamed: bool) -> list[Pair]:
    """Positions that belong together, in the order of the new list, then what was removed."""
    where = {mark: position for position, mark in enumerate(old)}
    pairs: list[Pair] = [(where.get(mark), position) for position, mark in enumerate(new)]
    gone = [position for position, mark in enumerate(old) if mark not in set(new)]
    if renamed:
        pairs = [(b if a is None and b in gone else a, b) for a, b in pairs]
        gone = [position for position in gone if position not in {a for a, _b in pairs}]
    return pairs + [(position, None) for position in gone]


def _moved(pairs: list[Pair]) -> bool:
    """Whether rows that stayed no longer follow each other as they did."""
    stayed = [a for a, b in pairs if a is not None and b is not None]
    return stayed != sorted(stayed)


def _row(spot: _Spot, old: list[Any], new: list[Any], a: int | None, b: int | None) -> Iterator[Difference]:
    if a is None and b is not None:
        yield spot.told(ADDED, None, new[b], position=b)
    elif b is None and a is not None:
        yield spot.told(REMOVED, old[a], None, position=a)
    elif a is not None and b is not None and not same(old[a], new[b]):
        yield from _in_row(spot.row(b, name_of(old[a])), old[a], new[b])


def _in_row(spot: _Spot, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """A row's elements; that a material may come later and by when is one thing."""
    keys = _keys(old, new)
    if spot.place[-1][0] == "materials" and not same(old.get("need"), new.get("need")):
        keys = [key for key in keys if key not in ("need", "tolerance")]
        rows = [{"need": row.get("need"), "tolerance": row.get("tolerance")} for row in (old, new)]
        yield spot.of_row("need").told(CHANGED, *rows)
    for key in keys:
        yield from _compare(spot.of_row(key), old.get(key), new.get(key))


def name_of(row: Any) -> str:
    """What people call a row."""
    if not isinstance(row, Mapping):
        return "" if row is None else str(row)
    return next((str(row[name]) for name in NAMES if row.get(name)), "")
