"""The graph and its picture, with values alone."""

from __future__ import annotations

from tongban.data.lineage.rules import BACK, BOTH, FORWARD, Graph, Node, drawn, steps_of
from tongban.data.lineage.rules.picture import HIGH, MOST, WIDE, short


def made() -> Graph:
    """A table of two columns → a dataset → a resource with an interface; a register fed by one column; a form that reads it."""
    graph = Graph()
    for id_, kind, of in (
        ("t", "table", ""), ("t.id", "column", "t"), ("t.xm", "column", "t"), ("d", "dataset", ""), ("d.id", "field", "d"),
        ("d.xm", "field", "d"), ("r", "resource", ""), ("r.id", "data_item", "r"), ("i", "interface", ""), ("p", "register", ""),
        ("p.name", "element", "p"), ("f", "item", ""), ("f.name", "form_field", "f"),
    ):  # fmt: skip
        graph.add(Node(id_, kind, id_, of=of))
    for start, end in (
        ("t", "d"), ("d", "r"), ("r", "i"), ("d", "p"), ("p", "f"), ("t.id", "d.id"), ("t.xm", "d.xm"), ("d.id", "r.id"),
        ("r.id", "i"), ("d.xm", "p.name"), ("p.name", "f.name"),
    ):  # fmt: skip
        graph.join(start, end)
    return graph


def test_one_goes_back_to_where_it_came_from_and_forward_to_where_it_is_used() -> None:
    graph = made()
    assert graph.reach("f.name", way=BACK) == {"f.name": 0, "p.name": 1, "d.xm": 2, "t.xm": 3}
    assert graph.reach("t.id", way=FORWARD) == {"t.id": 0, "d.id": 1, "r.id": 2, "i": 3}
    assert graph.reach("d", way=BOTH, depth=1) == {"d": 0, "t": 1, "r": 1, "p": 1}


def test_a_change_is_felt_by_parts_after_it_and_their_wholes_and_by_nothing_else() -> None:
    graph = made()
    assert [node.id for node in graph.felt_by(["t.xm"])] == ["d", "d.xm", "p", "p.name", "f", "f.name"]
    assert [node.id for node in graph.felt_by(["t.id"])] == ["d", "d.id", "r", "r.id", "i"]
    assert not graph.felt_by(["f.name"])


def test_an_edge_to_what_is_not_there_is_none_and_twice_is_once() -> None:
    graph = made()
    graph.join("t", "nothing")
    graph.join("t", "d", "again")
    assert list(graph.after["t"]) == ["d"]


def test_the_picture_goes_from_left_to_right_and_no_boxes_overlap() -> None:
    graph = made()
    picture = drawn(graph, graph.reach("d", way=BOTH), "d")
    places = {box.node.id: (box.x, box.y) for box in picture.boxes}
    assert all(places[line.edge.start][0] < places[line.edge.end][0] for line in picture.lines)
    for one in picture.boxes:
        assert 0 <= one.x <= picture.width - WIDE
        assert 0 <= one.y <= picture.height - HIGH
        assert all(one is two or one.x != two.x or abs(one.y - two.y) >= HIGH for two in picture.boxes)
    assert [box.node.id for box in picture.boxes if box.is_focus] == ["d"]


def test_too_many_boxes_are_told_and_the_nearest_kept() -> None:
    graph = Graph()
    graph.add(Node("t", "table", "t"))
    for number in range(MOST + 20):
        graph.add(Node(f"d{number:03d}", "dataset", f"d{number:03d}"))
        graph.join("t", f"d{number:03d}")
    picture = drawn(graph, graph.reach("t", way=FORWARD), "t")
    assert (len(picture.boxes), picture.left_out) == (MOST, 21)


def test_a_long_name_is_cut_where_the_box_ends() -> None:
    assert short("公民身份号码") == "公民身份号码"
    assert short("老年人优待证申领和发放情况明细表") == "老年人优待证申领和发放…"


def test_steps_are_told_in_their_order() -> None:
    column = {"name": "id", "kind": "text", "required": True, "check": "id_number", "codes": ["1", "2"]}
    assert steps_of(column, is_key=True, newest=True) == [
        ("trim", ""), ("read", "text"), ("check", "id_number"), ("codes", "2"), ("required", ""), ("key", ""), ("newest", ""),
    ]  # fmt: skip
