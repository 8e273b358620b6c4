"""Codes, positions, polygons and the parts of an address, on plain values."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.data.places.rules import (
    CGCS2000,
    GCJ02,
    WGS84,
    Candidate,
    Shape,
    ancestors_of,
    cell_of,
    checked,
    code_of_twelve,
    from_gcj02,
    level_of,
    line_of,
    named_system,
    parsed,
    read_box,
    settle,
)
from tongban.data.places.rules.addresses import plain
from tongban.data.places.rules.positions import _moved

from .factories import square

NAMES = {plain(word): code for word, code in {
    "四川省": "51", "四川": "51", "广安市": "5116", "广安": "5116", "广安区": "511602", "浓洄街道": "511602001", "北辰街道": "511602002",
    "翠屏路社区": "511602001001", "官盛镇": "511602101", "跃进村": "511602101201",
}.items()}  # fmt: skip


def test_codes_tell_their_level_and_what_is_above() -> None:
    assert [level_of(code) for code in ("51", "5116", "511602", "511602001", "511602001001", "x", "123")] == [
        1,
        2,
        3,
        4,
        5,
        0,
        0,
    ]
    assert ancestors_of("511602001001") == ["51", "5116", "511602", "511602001"]
    assert [code_of_twelve(code) for code in ("511602000000", "511602001000", "511602001001", "511602")] == [
        "511602", "511602001", "511602001001", "511602",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ('{"name": "urn:ogc:def:crs:EPSG::4490"}', CGCS2000),
        ('GEOGCS["China Geodetic Coordinate System 2000",DATUM["D_China_2000"]]', CGCS2000),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", WGS84),
        ('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]', WGS84),
        ('PROJCS["CGCS2000_3_Degree_GK_CM_105E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]]', ""),
        ("EPSG:3857", ""),
    ],
)
def test_systems_are_known_by_their_names(text: str, system: str) -> None:
    assert named_system(text) == system


@given(st.floats(75, 134), st.floats(18, 53))
def test_what_gcj_moved_comes_back_within_a_decimetre(lon: float, lat: float) -> None:
    moved = _moved(lon, lat)
    assert 50 < math.hypot(moved[0] - lon, moved[1] - lat) * 111_000 < 1_500
    back = from_gcj02(*moved)
    assert math.hypot(back[0] - lon, back[1] - lat) * 111_000 < 0.1


def ring(*points: tuple[Any, ...]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        (None, "not_polygon"),
        ({"type": "Point", "coordinates": [106, 30]}, "not_polygon"),
        ({"type": "Polygon", "coordinates": []}, "short_ring"),
        ({"type": "MultiPolygon", "coordinates": []}, "empty"),
        ({"type": "MultiPolygon", "coordinates": 3}, "short_ring"),
        (ring((106, 30), (107, 31), (106, 30)), "short_ring"),
        (ring((106, 30), (107, 30), (107, 31), (106, 31)), "open_ring"),
        (ring((106, 30), (107, 31), (107, 30), (106, 31), (106, 30)), "crossing"),
        (ring((30, 106), (30, 107), (31, 107), (30, 106)), "swapped"),
        (ring((4e5, 3.3e6), (5e5, 3.3e6), (5e5, 3.4e6), (4e5, 3.3e6)), "metres"),
        (ring((2, 48), (3, 48), (3, 49), (2, 48)), "outside"),
        (ring((106, 30), (107, "x"), (107, 31), (106, 30)), "no_number"),
        (ring((106, 30), (107, float("nan")), (107, 31), (106, 30)), "no_number"),
        (ring((106, 30), (107, True), (107, 31), (106, 30)), "no_number"),
    ],
)
def test_what_is_no_boundary_is_told(geometry: Any, fault: str) -> None:
    said = checked(geometry, system=CGCS2000)
    assert isinstance(said, list)
    assert fault in [one.code for one in said]


def test_a_boundary_has_a_box_an_area_and_an_outline() -> None:
    said = checked(square(106, 30, 1), system=CGCS2000)
    assert isinstance(said, Shape)
    assert said.box == (106, 30, 107, 31)
    assert said.area_km2 == pytest.approx(111.195**2 * math.cos(math.radians(30.5)), rel=0.001)
    moved = checked(square(106, 30, 1), system=GCJ02)
    assert isinstance(moved, Shape)
    assert 0.0005 < 106 - moved.box[0] < 0.01


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=20,
    )
)
def test_nothing_that_is_given_as_coordinates_breaks_the_check(coordinates: Any) -> None:
    for kind in ("Polygon", "MultiPolygon"):
        assert isinstance(checked({"type": kind, "coordinates": coordinates}, system=CGCS2000), list | Shape)


def test_boxes_of_the_map() -> None:
    assert read_box("106,30,107,31") == (106, 30, 107, 31)
    assert [read_box(text) for text in ("", "1,2,3", "a,b,c,d", "107,30,106,31", "nan,0,1,1", "0,0,inf,1")] == [
        None
    ] * 6
    assert cell_of((106, 30, 107, 31)) == 0.125


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "四川省广安市广安区浓洄街道翠屏路社区翠屏路18号2栋1单元301室",
            ("511602001001", "翠屏路", "18", "", "2", "1", "301"),
        ),
        ("广安区 翠屏路１８号，二栋 一单元 301", ("511602", "翠屏路", "18", "", "2", "1", "301")),
        ("翠屏路十八号附3号", ("", "翠屏路", "18附3", "", "", "", "")),
        ("浓洄街道翠屏路18号2-1-301", ("511602001", "翠屏路", "18", "", "2", "1", "301")),
        ("建安中路三十六号锦绣花园3号楼2单元1502", ("", "建安中路", "36", "锦绣花园", "3", "2", "1502")),
        ("官盛镇跃进村三组12号", ("511602101201", "", "12", "3组", "", "", "")),
        ("思源大道北段120号", ("", "思源大道北段", "120", "", "", "", "")),
        ("翠屏路18号，浓洄街道", ("511602001", "翠屏路", "18", "", "", "", "")),
        ("浓洄街道广安区四川省翠屏路18号", ("511602001", "翠屏路", "18", "", "", "", "")),
        ("广安区翠屏路浓洄街道18号", ("511602001", "翠屏路", "18", "", "", "", "")),
        ("翠屏路18 2单元301", ("", "翠屏路", "18", "", "", "2", "301")),
        ("广安大道12号", ("", "广安大道", "12", "", "", "", "")),
        ("锦绣花园3栋2单元1502", ("", "", "", "锦绣花园", "3", "2", "1502")),
    ],
)
def test_addresses_are_read_as_people_write_them(text: str, parts: tuple[str, ...]) -> None:
    said = parsed(text, NAMES)
    assert (said.division, said.road, said.number, said.estate, said.building, said.unit, said.room) == parts
    assert said.unread == ""


def test_a_line_is_read_back_as_it_was_written() -> None:
    parts = {"road": "翠屏路", "number": "18附2", "building": "2", "unit": "1", "room": "301"}
    assert line_of(parts) == "翠屏路18号附2号2栋1单元301室"
    said = parsed(line_of(parts), {})
    assert {part: getattr(said, part) for part in parts} == parts


@given(st.text(max_size=60))
def test_any_text_is_read_somehow(text: str) -> None:
    assert settle(parsed(text, NAMES), []).level in ("none", "division")


def door(
    code: str,
    division: str = "511602001001",
    road: str = "翠屏路",
    number: str = "18",
    building: str = "",
    room: str = "",
) -> Candidate:
    return Candidate(code, division, road, number, "", building, "", room, road + number)


def test_only_what_is_clear_is_settled() -> None:
    here, there = door("1"), door("2", division="511602002001")
    said = parsed("翠屏路18号", NAMES)
    assert settle(said, [here]).code == "1"
    assert settle(said, [here, there]).level == "none"  # a road through two communities
    assert settle(parsed("浓洄街道翠屏路18号", NAMES), [here, there]).code == "1"
    assert settle(parsed("翠平路18号", NAMES), [here]).code == "1"  # sounds the same
    assert settle(parsed("翠湖路18号", NAMES), [here]).level == "none"  # another sign: of three, two agree
    assert settle(parsed("翠屏路19号", NAMES), [here]).level == "none"
    rooms = [door("1", building="2", room="301"), door("2", building="2", room="302")]
    assert settle(said, rooms).level == "door"
    assert settle(parsed("翠屏路18号2栋302", NAMES), rooms).code == "2"
    assert settle(parsed("翠屏路18号2栋303", NAMES), rooms).level == "none"
    told = settle(parsed("翠屏路18号3栋", NAMES), [here])
    assert (told.level, told.code) == ("door", "1")
