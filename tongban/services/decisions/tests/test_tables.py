"""The engine, its own decision model and our reading of a table agree; gaps and overlaps are exactly those there are."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from tongban.services.decisions.rules import coverage, expression_of, jdm_of, reckon, rows_by_jdm
from tongban.services.decisions.rules.tables import cells_of

KINDS = {"age": "number", "who": "text", "old": "boolean"}
NUMBERS = some.sampled_from(["-", "60", ">= 60", "< 60", "[10..60)", "(10..70]", "not(60)", "10, 60", "> 5, 3"])
WORDS = some.sampled_from(["-", "self", "self, family", "not(self)", "!= family"])
BOOLEANS = some.sampled_from(["-", "是", "false"])
ROWS = some.lists(
    some.builds(
        lambda a, w, o, outcome: {"cells": {"c1": a, "c2": w, "c3": o}, "outcome": outcome},
        NUMBERS, WORDS, BOOLEANS, some.sampled_from(["grant", "person"]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
GIVEN = some.fixed_dictionaries(
    {
        "age": some.sampled_from([0, 3, 5, 6, 10, 11, 59, 60, 61, 70, 71, 9.5]),
        "who": some.sampled_from(["self", "family", "neither"]),
        "old": some.booleans(),
    }
)


def table_of(rows: list[dict[str, Any]], hit: str = "first") -> dict[str, Any]:
    columns = [{"key": "c1", "input": "age"}, {"key": "c2", "input": "who"}, {"key": "c3", "input": "old"}]
    keyed = [row | {"key": f"r{number}", "article": "", "sentence": ""} for number, row in enumerate(rows)]
    return {"key": "t", "title": "t", "hit": hit, "columns": columns, "rows": keyed}


def read_by_us(table: dict[str, Any], given: dict[str, Any]) -> list[str]:
    return [
        row["key"]
        for row, cells in zip(table["rows"], cells_of(table, KINDS), strict=True)
        if all(cell.matches(given[column["input"]]) for cell, column in zip(cells, table["columns"], strict=True))
    ]


@given(ROWS, GIVEN, some.sampled_from(["first", "collect"]))
def test_three_ways_through_a_table_end_at_the_same_rows(rows, given, hit):
    table = table_of(rows, hit)
    matches = reckon(expression_of(table, KINDS), given)
    ours = [row["key"] for row, matched in zip(table["rows"], matches, strict=True) if matched]
    assert ours == read_by_us(table, given)
    expected = ours[:1] if hit == "first" else ours
    assert rows_by_jdm(jdm_of(table, KINDS), given) == expected


@given(ROWS)
def test_a_gap_is_told_exactly_where_no_row_matches(rows):
    table = table_of(rows)
    left_open = coverage(table, KINDS).open
    uncovered = [
        given
        for given in map(dict, product(*[[(n, v) for v in vs] for n, vs in SAMPLES.items()]))
        if not read_by_us(table, given)
    ]
    assert bool(left_open) == bool(uncovered)
    for gap in left_open:
        for values in product(*[[(name, piece.value) for piece in pieces] for name, pieces in gap.where]):
            assert not read_by_us(table, dict(values))


SAMPLES: dict[str, list[Any]] = {
    "age": [2, 3, 4, 5, 6, 9.5, 10, 30, 59.5, 60, 65, 70, 71],
    "who": ["self", "family", "neither"],
    "old": [True, False],
}


def test_a_row_nobody_reaches_is_told():
    rows = [
        {"cells": {"c1": "-", "c2": "-", "c3": "-"}, "outcome": "grant"},
        {"cells": {"c1": "60", "c2": "-", "c3": "-"}, "outcome": "person"},
    ]
    (found,) = coverage(table_of(rows), KINDS).twice
    assert (found.first, found.second, found.hidden) == (0, 1, True)


def test_rows_that_overlap_with_one_outcome_are_no_matter_in_a_collecting_table():
    rows = [{"cells": {"c1": ">= 10"}, "outcome": "grant"}, {"cells": {"c1": ">= 60"}, "outcome": "grant"}]
    assert coverage(table_of(rows, "collect"), KINDS).twice == ()
    rows[1]["outcome"] = "person"
    (found,) = coverage(table_of(rows, "collect"), KINDS).twice
    assert not found.hidden


def test_gaps_side_by_side_are_told_as_one():
    rows = [{"cells": {"c1": "< 10"}, "outcome": "grant"}, {"cells": {"c1": "> 60"}, "outcome": "grant"}]
    (gap,) = coverage(table_of(rows), KINDS).open
    assert [piece.place for piece in dict(gap.where)["age"]] == ["at", "between", "at"]


def test_a_table_too_large_to_look_at_says_so():
    rows = [{"cells": {"c1": f"{n}"}, "outcome": "grant"} for n in range(300)]
    table = table_of(rows)
    table["columns"] = [{"key": f"c{n}", "input": "age"} for n in (1, 1, 1)]
    assert coverage(table, KINDS).unknown
