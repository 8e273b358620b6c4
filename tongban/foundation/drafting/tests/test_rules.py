"""Patches and their inverse, what touches what, undo and redo, differences."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.drafting.rules import (
    BadPatch,
    Entry,
    apply,
    changes,
    perform,
    standing_since,
    touches,
    undoable,
)

ROWS = {"a": 1, "rows": [{"key": "x"}, {"key": "y"}, {"key": "z"}]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc~/0-"), inner, max_size=3),
    max_leaves=8,
)


def pointers(value: object, here: str = "") -> list[str]:
    """Every pointer into a value, and the places after its lists and beside its members."""
    found = [here]
    if isinstance(value, dict):
        found.append(f"{here}/new")
        for key, inner in value.items():
            found += pointers(inner, f"{here}/" + key.replace("~", "~0").replace("/", "~1"))
    if isinstance(value, list):
        found.append(f"{here}/-")
        for place, inner in enumerate(value):
            found += pointers(inner, f"{here}/{place}")
    return found


@st.composite
def patches(draw: st.DrawFn, content: object) -> list[dict[str, object]]:
    """Some operations that fit, drawn one after another."""
    ops: list[dict[str, object]] = []
    for _ in range(draw(st.integers(1, 4))):
        places = pointers(content)
        kind = draw(st.sampled_from(["add", "remove", "replace", "move"]))
        op: dict[str, object] = {"op": kind, "path": draw(st.sampled_from(places))}
        if kind in ("add", "replace"):
            op["value"] = draw(JSON)
        if kind == "move":
            op["from"] = draw(st.sampled_from(places))
        try:
            content, _ = apply(content, [op])
        except BadPatch:
            continue
        ops.append(op)
    return ops


@given(st.data())
def test_the_inverse_restores_the_document_exactly(data: st.DataObject) -> None:
    content = data.draw(JSON)
    before = copy.deepcopy(content)
    ops = data.draw(patches(content))
    changed, inverse = apply(content, ops)
    assert content == before, "the document given is left alone"
    again, redo = apply(changed, inverse)
    assert again == before
    assert apply(again, redo)[0] == changed


@given(st.data())
def test_what_touches_nothing_keeps_both(data: st.DataObject) -> None:
    """Of two people from the same document, the second is let through only when what the first wrote stays."""
    content = {"rows": data.draw(st.lists(st.fixed_dictionaries({"w": st.integers(0, 9)}), max_size=4)), "t": {"a": 1}}
    mine, theirs = data.draw(patches(content)), data.draw(patches(content))
    first = perform(content, theirs)
    if touches(first.marks, mine):
        return
    try:
        second = perform(first.content, mine)
    except BadPatch:
        return
    alone = perform(content, mine)
    assert sorted(second.marks) == sorted(alone.marks) or "-" in str(mine)
    if not any(op["path"].endswith("/-") for op in [*mine, *theirs]):
        # In whatever order the two come, the same document stands at the end.
        swapped = touches(alone.marks, theirs)
        assert swapped or perform(alone.content, theirs).content == second.content


@pytest.mark.parametrize(
    "op",
    [
        {"op": "remove", "path": "/none"},
        {"op": "remove", "path": ""},
        {"op": "replace", "path": "/rows/3", "value": 1},
        {"op": "replace", "path": "/rows/-", "value": 1},
        {"op": "add", "path": "/rows/01", "value": 1},
        {"op": "add", "path": "/a/b", "value": 1},
        {"op": "add", "path": "rows", "value": 1},
        {"op": "add", "path": "/rows/-"},
        {"op": "move", "from": "/rows", "path": "/rows/0"},
        {"op": "copy", "from": "/a", "path": "/b"},
        {"op": "test", "path": "/a", "value": True},
        "nonsense",
    ],
)
def test_what_does_not_fit_is_refused_whole(op: object) -> None:
    content = copy.deepcopy(ROWS)
    with pytest.raises(BadPatch):
        apply(content, [{"op": "replace", "path": "/a", "value": 2}, op])
    assert content == ROWS


@pytest.mark.parametrize(
    ("theirs", "mine", "touched"),
    [
        ({"op": "replace", "path": "/a", "value": 2}, {"op": "replace", "path": "/a", "value": 3}, True),
        ({"op": "replace", "path": "/a", "value": 2}, {"op": "replace", "path": "/rows/0/key", "value": "q"}, False),
        ({"op": "replace", "path": "/rows/0/key", "value": "p"}, {"op": "remove", "path": "/rows/0"}, True),
        ({"op": "replace", "path": "/rows/2/key", "value": "p"}, {"op": "remove", "path": "/rows/0"}, False),
        ({"op": "add", "path": "/rows/0", "value": {}}, {"op": "replace", "path": "/rows/2/key", "value": "q"}, True),
        ({"op": "add", "path": "/rows/-", "value": {}}, {"op": "replace", "path": "/rows/2/key", "value": "q"}, False),
        ({"op": "add", "path": "/rows/-", "value": {}}, {"op": "add", "path": "/rows/-", "value": {}}, False),
        ({"op": "remove", "path": "/rows/0"}, {"op": "add", "path": "/rows/-", "value": {}}, False),
        ({"op": "remove", "path": "/rows/2"}, {"op": "replace", "path": "/rows/0/key", "value": "q"}, False),
        ({"op": "replace", "path": "/rows", "value": []}, {"op": "add", "path": "/rows/-", "value": {}}, True),
        ({"op": "move", "from": "/rows/0", "path": "/rows/1"}, {"op": "remove", "path": "/rows/1"}, True),
    ],
)
def test_what_touches_what(theirs: dict, mine: dict, touched: bool) -> None:
    assert bool(touches(perform(ROWS, [theirs]).marks, [mine])) is touched


def test_undo_and_redo_walk_one_line() -> None:
    line = [Entry(1, "edit"), Entry(2, "edit")]
    assert undoable(line) == (2, None)
    line.append(Entry(3, "undo", 2))
    assert undoable(line) == (1, 3)
    line.append(Entry(4, "redo", 3))
    assert undoable(line) == (4, None)
    line += [Entry(5, "undo", 4), Entry(6, "edit")]
    assert undoable(line) == (6, None), "a new edit forgets what might have been redone"


def test_only_pairs_with_nothing_between_cancel() -> None:
    assert standing_since([Entry(2, "edit"), Entry(3, "undo", 2)]) == []
    between = [Entry(2, "edit"), Entry(3, "edit"), Entry(4, "undo", 2)]
    assert standing_since(between) == between


def kinds(old: object, new: object) -> list[tuple[str, str]]:
    return [(change.kind, change.path) for change in changes(old, new)]


def test_rows_are_recognised_by_their_name() -> None:
    old = {"rows": [{"key": "a", "n": 1}, {"key": "b", "n": 2}, {"key": "c", "n": 3}]}
    new = {"rows": [{"key": "c", "n": 3}, {"key": "a", "n": 9}, {"key": "d", "n": 4}], "more": 1}
    assert kinds(old, new) == [
        ("moved", "/rows/1"), ("changed", "/rows/1/n"), ("added", "/rows/2"), ("removed", "/rows/1"), ("added", "/more"),
    ]  # fmt: skip


def test_rows_without_a_name_are_paired_in_order() -> None:
    assert kinds(["甲", "乙"], ["甲", "丙", "丁"]) == [("changed", "/1"), ("added", "/2")]
    assert kinds([{"law": "甲", "text": "一"}], [{"law": "甲", "text": "二"}]) == [("changed", "/0/text")]
    assert kinds(["甲", "乙"], ["乙", "甲"]) == [("moved", "/0"), ("moved", "/1")]


@given(JSON)
def test_a_document_does_not_differ_from_itself(content: object) -> None:
    assert changes(content, copy.deepcopy(content)) == []


@given(JSON, JSON)
def test_documents_that_differ_have_a_difference(old: object, new: object) -> None:
    assert bool(changes(old, new)) or old == new
