"""Decision tables: as the engine evaluates them, as a JDM document, and what they leave open or say twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from .cells import BOOLEAN, DATE, TEXT, Cell, read

FIRST, COLLECT = "first", "collect"
HIT_POLICIES = (FIRST, COLLECT)
MOST_COMBINATIONS = 20_000
MOST_TOLD = 6


def column_name(key: str, kind: str) -> str:
    """What an input is called for a column: days are compared as numbers under a name of their own."""
    return f"{key}__day" if kind == DATE else key


def cells_of(table: Mapping[str, Any], kinds: Mapping[str, str]) -> list[list[Cell]]:
    """The cells of each row, in the order of the columns; raises `BadCell`."""
    columns = table["columns"]
    return [
        [read(row["cells"].get(column["key"], ""), kinds[column["input"]]) for column in columns]
        for row in table["rows"]
    ]


def expression_of(table: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    """The table as one expression of the engine: a list that says of each row whether it matches.

    A graph of the engine's costs a thread of its own for every evaluation; this is the same cells at a hundredth of the
    price, and a value of the wrong type is an error here, where there it would be no match in silence.
    """
    names = [column_name(column["input"], kinds[column["input"]]) for column in table["columns"]]
    rows = [
        " and ".join(cell.written(name) for name, cell in zip(names, cells, strict=True) if not cell.is_anything)
        or "true"
        for cells in cells_of(table, kinds)
    ]
    return "[" + ", ".join(rows) + "]"


def jdm_of(table: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """The table as a JSON decision model, as other tools for the engine read it; it answers with the row's key.

    Columns name no field and cells are whole conditions: the engine's short form of a cell takes some conditions for a
    value to compare with, and is then "no match" without a word.
    """
    columns = table["columns"]
    names = [column_name(column["input"], kinds[column["input"]]) for column in columns]
    rules = [
        {"_id": row["key"], "row": f"'{row['key']}'"}
        | {
            column["key"]: "" if cell.is_anything else cell.written(name)
            for column, name, cell in zip(columns, names, cells, strict=True)
        }
        for row, cells in zip(table["rows"], cells_of(table, kinds), strict=True)
    ]
    inputs = [{"id": column["key"], "name": column["input"]} for column in columns]
    content = {
        "hitPolicy": table["hit"],
        "inputs": inputs,
        "outputs": [{"id": "row", "name": "row", "field": "row"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {"id": "table", "type": "decisionTableNode", "name": table.get("title") or "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"nodes": nodes, "edges": edges}


# --- what no row covers, and what two rows cover -----------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A part of a column that no cell tells apart: a value in it, and where it lies (`below`, `at`, `between`, `above`, `is`,
    `other`) with the values at its ends."""

    value: Any
    place: str
    ends: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Open:
    """A combination no row covers: input → the pieces side by side that it spans."""

    where: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True)
class Twice:
    """Two rows that match the same case and lead to different outcomes; `hidden`: the second is never reached."""

    first: int
    second: int
    hidden: bool


@dataclass(frozen=True)
class Coverage:
    """What a table leaves open or says twice. `unknown`: too many combinations to look at all."""

    open: tuple[Open, ...] = ()
    twice: tuple[Twice, ...] = ()
    unknown: bool = False


def _mentioned(cells: Sequence[Cell]) -> list[Any]:
    return sorted({test.value for cell in cells for tests in cell.alternatives for test in tests})


def _pieces(cells: Sequence[Cell], kind: str) -> list[Piece]:
    if kind == BOOLEAN:
        return [Piece(True, "is", (True,)), Piece(False, "is", (False,))]
    marks = _mentioned(cells)
    if kind == TEXT:
        return [*(Piece(mark, "is", (mark,)) for mark in marks), Piece("\x00other", "other", tuple(marks))]
    if not marks:
        return [Piece(0, "other")]
    found = [Piece(marks[0] - 1, "below", (marks[0],))]
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        found.append(Piece(mark, "at", (mark,)))
        if after is not None and not (kind == DATE and _next_day(mark, after)):
            found.append(Piece((mark + after) / 2, "between", (mark, after)))
    return [*found, Piece(marks[-1] + 1, "above", (marks[-1],))]


def _next_day(mark: int, after: int) -> bool:
    return after - mark == 1


def coverage(table: Mapping[str, Any], kinds: Mapping[str, str]) -> Coverage:
    """Which cases no row covers and which two rows do. Raises `BadCell` while a cell cannot be read."""
    rows = cells_of(table, kinds)
    columns = [column["input"] for column in table["columns"]]
    sides = [_pieces([cells[at] for cells in rows], kinds[name]) for at, name in enumerate(columns)]
    count = 1
    for side in sides:
        count *= len(side)
    if count > MOST_COMBINATIONS or not sides:
        return Coverage(unknown=bool(sides))
    hits = {combination: _hits(rows, combination) for combination in product(*sides)}
    left = islice(_merged([combination for combination, found in hits.items() if not found], sides), MOST_TOLD)
    gaps = tuple(Open(tuple(zip(columns, spans, strict=True))) for spans in left)
    return Coverage(gaps, _twice(table, list(hits.values())))


def _hits(rows: list[list[Cell]], combination: tuple[Piece, ...]) -> list[int]:
    return [
        at
        for at, cells in enumerate(rows)
        if all(cell.matches(piece.value) for cell, piece in zip(cells, combination, strict=True))
    ]


def _merged(left: list[tuple[Piece, ...]], sides: list[list[Piece]]) -> Iterator[tuple[tuple[Piece, ...], ...]]:
    """Combinations that lie side by side told as one: along the last column, then along each before it."""
    spans: list[tuple[tuple[Piece, ...], ...]] = [tuple((piece,) for piece in combination) for combination in left]
    for at in reversed(range(len(sides))):
        order = {piece: place for place, piece in enumerate(sides[at])}
        kept: list[tuple[tuple[Piece, ...], ...]] = []
        by_rest: dict[Any, int] = {}
        for span in spans:
            rest = (*span[:at], *span[at + 1 :])
            before = by_rest.get(rest)
            if before is not None and order[kept[before][at][-1]] + 1 == order[span[at][0]]:
                joined = kept[before][at] + span[at]
                kept[before] = (*kept[before][:at], joined, *kept[before][at + 1 :])
                continue
            by_rest[rest] = len(kept)
            kept.append(span)
        spans = kept
    return iter(spans)


def _twice(table: Mapping[str, Any], hits: list[list[int]]) -> tuple[Twice, ...]:
    rows = table["rows"]
    found: dict[tuple[int, int], Twice] = {}
    reached = {one[0] for one in hits if one}
    for several in hits:
        for place, second in enumerate(several[1:], start=1):
            first = several[0] if table["hit"] == FIRST else several[place - 1]
            hidden = table["hit"] == FIRST and second not in reached
            if hidden or rows[first].get("outcome") != rows[second].get("outcome"):
                found.setdefault((first, second), Twice(first, second, hidden))
    return tuple(found[pair] for pair in sorted(found))[:MOST_TOLD]
