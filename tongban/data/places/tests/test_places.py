"""Divisions taken over version by version, boundaries brought and taken back, addresses that follow their register."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import shapefile
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tongban.data.lake.tests.factories import own_lake
from tongban.data.places import actions, queries
from tongban.data.places.errors import AreaRefused, BoundaryRefused, DivisionsMoved, ReadingRefused
from tongban.data.places.gateways import read_file
from tongban.data.places.models import Address, Boundary, DivisionSpan
from tongban.data.places.rules import MATCHER
from tongban.data.standards import actions as standards
from tongban.data.standards.gateways import put_values
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.rules import Code
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, NotAllowed, NotSignedIn

from .factories import CODES, DAY, KEEPER, bring, divisions, geojson, make_address, square
from .register import build_addresses

pytestmark = pytest.mark.django_db
NEXT = date(2025, 6, 30)


def second_version(codes: list[Code]) -> None:
    """Published as the review does it, without its pages."""
    standard = Standard.objects.get(key=actions.DIVISIONS)
    made = Version.objects.create(
        standard=standard, version=2, effective_on=NEXT, content={"name": "行政区划代码"}, status="published", values_count=len(codes)
    )  # fmt: skip
    put_values(made.pk, codes)


def test_the_tree_is_taken_over_and_keeps_what_was() -> None:
    assert divisions() == {"divisions": 11, "ended": 0, "added": 11}
    assert actions.take_over(actor=KEEPER)["added"] == 0
    county = queries.division(actor=KEEPER, code="511602")
    assert (county.children, county.level, [one.name for one in queries.above("511602001001")]) == (
        3, 3, ["四川省", "广安市", "广安区", "浓洄街道"],
    )  # fmt: skip
    renamed = [
        Code(one.code, "新翠社区居委会", one.parent) if one.code == "511602001001" else one
        for one in CODES
        if one.code != "511603"
    ]
    second_version(renamed)
    assert actions.take_over(actor=KEEPER) == {"divisions": 10, "ended": 2, "added": 1}
    assert [one.name for one in queries.lines_of(actor=KEEPER, code="511602001001")] == [
        "新翠社区居委会",
        "翠屏路社区居委会",
    ]
    assert queries.division(actor=KEEPER, code="511603").valid_to == NEXT
    assert queries.division(actor=KEEPER, code="511602001001", on=date(2024, 1, 1)).name == "翠屏路社区居委会"
    assert len(queries.children_page(actor=KEEPER, code="5116", on=date(2024, 1, 1))) == 2
    assert len(queries.children_page(actor=KEEPER, code="5116")) == 1
    assert Fact.objects.filter(name="places.divisions_taken_over").count() == 2


def test_nothing_to_take_over_is_told() -> None:
    with pytest.raises(DivisionsMoved):
        actions.take_over(actor=KEEPER)
    with pytest.raises(NotAllowed):
        actions.take_over(actor=officer("data_steward"))


def test_divisions_are_found_by_code_by_beginning_and_within() -> None:
    divisions()

    def names(words: str, within: str = "") -> list[str]:
        return [one.name for one in queries.found(actor=KEEPER, words=words, within=within)]

    assert names("511602002") == ["北辰街道", "广福社区居委会"]
    assert names("广安") == ["广安市", "广安区"]
    assert names("社区") == []
    assert names("社区", "511602001") == ["翠屏路社区居委会", "厚街社区居委会"]


def codes_of(error: BoundaryRefused) -> set[str]:
    return {one.code for one in error.reasons}


def refused(data: bytes, **more: Any) -> set[str]:
    with pytest.raises(BoundaryRefused) as told:
        bring(data, **more)
    assert not Boundary.objects.exists()
    return codes_of(told.value)


def test_a_file_with_a_fault_changes_nothing_and_tells_all_of_them() -> None:
    divisions()
    crossed = {"type": "Polygon", "coordinates": [[[106, 30], [107, 31], [107, 30], [106, 31], [106, 30]]]}
    file = geojson(("511602", square()), ("511602001", crossed), ("999999", square()), ("", square()))
    assert refused(file) == {"crossing", "code_unknown", "no_code"}
    assert refused(geojson(("511602", square())), system="", source="", licence="") == {"source", "licence"}
    assert refused(geojson(("511602", square())), system="") == {"system_unsaid"}
    assert refused(geojson(("511602", square()), crs="EPSG:3857")) == {"system"}
    assert refused(geojson(("511602", square()), crs="urn:ogc:def:crs:EPSG::4326")) == {"system_differs"}
    assert refused(geojson(("511602", square())), system="EPSG:1") == {"system_unknown"}
    assert refused(geojson(("511602", square()), ("511602000000", square()))) == {"code_twice"}
    assert refused(geojson(("511602", square()), ("511602001", square(110, 40)))) == {"elsewhere"}
    assert (
        refused(b"{", name="a.json")
        == refused(b"\xff\xfe", name="a.kml")
        == refused(b"PK", name="a.zip")
        == {"unreadable"}
    )
    assert refused(b"[" * 100_000, name="a.json") == {"unreadable"}
    assert refused(b'<!DOCTYPE a [<!ENTITY b "c">]><kml>&b;</kml>', name="a.kml") == {"unreadable"}
    assert refused(b"{}", name="a.exe") == {"kind"}
    assert refused(b'{"type": "FeatureCollection", "features": []}') == {"nothing_in_it"}


def packed(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in files.items():
            book.writestr(name.replace("_", "."), data)
    return held.getvalue()


def test_bombs_are_not_unpacked() -> None:
    divisions()
    assert refused(packed(a_json=b" " * (90 << 20)), name="a.zip") == {"bomb"}
    assert refused(b" " * ((20 << 20) + 1)) == {"too_large"}


def shapes(prj: str = 'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]') -> bytes:
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, encoding="gb18030") as writer:
        writer.field("代码", "C", 12)
        for code, west in (("511602001", 106.6), ("511602002", 106.7)):
            writer.poly([square(west, 30.4, 0.1)["coordinates"][0][::-1]])
            writer.record(code)
    files = {f"towns_{ending}": part.getvalue() for ending, part in parts.items()}
    return packed(**files, towns_prj=prj.encode())


KML = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>511602 广安区</name><Polygon><outerBoundaryIs><LinearRing>
<coordinates>106.6,30.4,0 106.8,30.4,0 106.8,30.6,0 106.6,30.6,0 106.6,30.4,0</coordinates></LinearRing></outerBoundaryIs></Polygon>
</Placemark></Document></kml>"""


def test_boundaries_come_as_geojson_kml_and_shapefile_and_can_be_taken_back() -> None:
    divisions()
    first = bring(geojson(("511602000000", square()), crs="urn:ogc:def:crs:EPSG::4490"), system="")[0]
    assert (first.code, first.crs, first.points) == ("511602", "EPSG:4490", 5)
    second = bring(KML.encode(), name="a.kml", system="")[0]
    assert (second.crs, second.replaced_id) == ("EPSG:4326", first.pk)
    assert [one.code for one in bring(shapes(), name="a.zip", system="")] == ["511602001", "511602002"]
    with pytest.raises(BoundaryRefused) as told:
        bring(shapes('PROJCS["CGCS2000_3_Degree_GK_CM_105E"]'), name="a.zip", system="")
    assert codes_of(told.value) == {"system"}
    drawn = queries.outlines(actor=KEEPER, code="511602")["features"]
    assert [(one["properties"]["code"], one["properties"]["own"]) for one in drawn] == [
        ("511602", True), ("511602001", False), ("511602002", False),
    ]  # fmt: skip
    with pytest.raises(BoundaryRefused):
        actions.take_back_boundary(actor=KEEPER, boundary_id=second.pk, reason="")
    assert actions.take_back_boundary(actor=KEEPER, boundary_id=second.pk, reason="坐标弄错了") == first
    assert queries.boundary_in_use("511602") == first
    with pytest.raises(Conflict):
        actions.take_back_boundary(actor=KEEPER, boundary_id=second.pk, reason="坐标弄错了")
    assert Fact.objects.filter(name="places.boundaries_brought").count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_the_same_boundary_at_once_both_are_heard_one_after_the_other() -> None:
    divisions()
    both = Barrier(2)

    def one(_number: int) -> int:
        both.wait()
        try:
            return len(bring(geojson(("511602", square()))))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, range(2))) == [1, 1]
    assert (Boundary.objects.count(), Boundary.objects.filter(until_at=None).count()) == (2, 1)


def test_a_boundary_of_a_day_to_come_is_refused() -> None:
    divisions()
    assert refused(geojson(("511602", square())), valid_from=today() + timedelta(days=1)) == {"future"}


def test_one_boundary_without_a_code_takes_the_one_that_is_given_or_its_files_name() -> None:
    divisions()
    assert bring(json.dumps(square()).encode(), name="边界.json", code="511602")[0].code == "511602"
    assert bring(json.dumps(square()).encode(), name="511602001.geojson")[0].code == "511602001"


def test_the_real_boundaries_of_the_city() -> None:
    file = Path(settings.DATA_FOLDER) / "boundaries" / "guangan-5116-boundaries.zip"
    if not file.is_file():
        pytest.skip("the real boundaries are not at hand")
    more = [Code(code, code, "5116") for code in ("511621", "511622", "511623", "511681")]
    divisions([*CODES, *more])
    made = bring(file.read_bytes(), name=file.name, system="GCJ-02")
    assert {one.code for one in made} == {"51", "5116", "511602", "511603", *(one.code for one in more)}
    areas = {one.code: one.area_km2 for one in made}
    assert areas["51"] == pytest.approx(486_000, rel=0.01)
    assert areas["5116"] == pytest.approx(sum(areas[code] for code in areas if len(code) == 6), rel=0.01)
    assert len(json.dumps(made[0].outline)) < len(json.dumps(made[0].geometry)) / 2


@given(st.binary(max_size=300), st.sampled_from(["a.json", "a.kml", "a.zip", "a.shp"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    pieces, faults = read_file(name, data)
    assert bool(pieces) != bool(faults)


def test_points_are_told_one_by_one_and_in_groups() -> None:
    for number in range(3):
        make_address(number, lon=106.6 + number / 100)
    make_address(3, lon=None, lat=None)
    make_address(4, state="ended")
    found = queries.points(actor=KEEPER, box="106,30,107,31")["features"]
    assert [one["properties"]["count"] for one in found] == [1, 1, 1]
    assert len(queries.points(actor=KEEPER, box="106.605,30,107,31")["features"]) == 2
    given = {"record_id": "0" * 32, "known_at": "2026-01-01T00:00Z", "state": "in_use", "lat": 30.5}
    Address.objects.bulk_create(
        Address(code=f"x{number}", lon=106.5 + number % 30 / 100, **given) for number in range(600)
    )
    found = queries.points(actor=KEEPER, box="106,30,107,31")["features"]
    assert len(found) < 60
    assert sum(one["properties"]["count"] for one in found) == 603
    with pytest.raises(AreaRefused):
        queries.points(actor=KEEPER, box="1,2,3")


@pytest.fixture
def _register(tmp_path: Path) -> Iterator[None]:
    with own_lake(tmp_path / "lake"):
        divisions()
        build_addresses()
        yield


@pytest.mark.usefixtures("_register")
def test_addresses_follow_their_register() -> None:
    assert actions.follow_addresses() == 3
    first, second, third = Address.objects.order_by("code")
    assert (first.text, first.division, first.lon) == ("翠屏路18号2栋301室", "511602001001", 106.641)
    assert (second.text, second.lon) == ("五福东街7号", None)  # the civil affairs' name of the road stands
    assert third.state == "ended"
    assert queries.text_of(first) == "四川省广安市广安区浓洄街道翠屏路社区居委会翠屏路18号2栋301室"
    said = {one.name: one for one in queries.origins_of(actor=officer("data_admin"), one=second)}
    assert said["road"].source == "区民政局 · 地名库"
    assert [loser["value"] for loser in said["road"].losers] == ["五福街"]
    build_addresses(moved=True)
    actions.follow_addresses()
    first.refresh_from_db()
    assert (first.lon, first.lat) == (106.7, 30.5)
    assert actions.follow_addresses(anew=True) == 3


@pytest.mark.usefixtures("_register")
def test_an_address_is_suggested_found_and_read_for_a_case() -> None:
    actions.follow_addresses()
    assert [one.text for one in queries.suggested("翠屏", county="511602")] == ["翠屏路18号2栋301室"]
    assert [one.text for one in queries.suggested("浓洄街道翠屏路18号", county="511602")] == ["翠屏路18号2栋301室"]
    assert queries.suggested("翠", county="511602") == []
    said, match = queries.find_address("广安区翠屏路１８号二栋301", county="511602")
    assert (match.level, match.matcher, said.room) == ("address", MATCHER, "301")
    someone = officer("clerk")
    with pytest.raises(ReadingRefused):
        actions.read_address(actor=someone, code=match.code, purpose="", case_no="")
    with pytest.raises(NotSignedIn):
        actions.read_address(actor=ANONYMOUS, code=match.code, purpose="填写住所", case_no="草稿1")
    read = actions.read_address(actor=someone, code=match.code, purpose="填写住所", case_no="草稿1")
    assert (read["division"], read["parts"]["building"], read["lon"]) == ("511602001001", "2", 106.641)
    assert Fact.objects.get(name="places.address_read").data["purpose"] == "填写住所"


def test_a_published_code_set_is_what_is_taken_over() -> None:
    standards.publish_set(actor=KEEPER, kind="code_set", key="OTHER", on=DAY, codes=CODES, content={"name": "别的"})
    assert not DivisionSpan.objects.exists()
