"""Three departments that contradict each other in known ways: what merging them comes to is counted, value by value."""

from __future__ import annotations

import pytest

from tongban.data.lake.tests.factories import own_lake
from tongban.data.places.actions import follow_addresses
from tongban.data.places.models import Address
from tongban.data.registries.models import Conflict, Pair, Record
from tongban.data.registries.queries import registered
from tongban.demo.departments import city
from tongban.demo.doors import doors
from tongban.demo.ledgers import ledgers
from tongban.demo.registers import gather, make_registers
from tongban.demo.rules import standing_credit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.identifiers import citizen_id_fault, uscc_fault
from tongban.foundation.organisations.tests.factories import make_department

OFFICES = (
    "区公安分局", "区人社局", "区行政审批局", "区市监局", "广安区税务局", "区发改局", "区统计局", "区交通运输局", "区民政局",
    "区自然资源局",
)  # fmt: skip


def test_every_number_is_valid_but_those_that_are_meant_not_to_be():
    made = city(300, 60)
    assert made.tables == city(300, 60).tables
    assert all(citizen_id_fault(row["公民身份号码"], today=today()) is None for row in made.tables["police"])
    assert all(uscc_fault(row["统一社会信用代码"]) is None for row in made.tables["market"])
    assert all("示例" in row["名称"] for row in made.tables["market"])
    wrong = {row["档案号"] for row in made.tables["service"] if citizen_id_fault(row["公民身份号码"], today=today())}
    assert wrong == {serial for serial, _code in made.twins} | made.kin
    assert min(len(made.name_conflicts), len(made.address_conflicts), len(made.twins), len(made.firm_twins)) > 1


@pytest.mark.django_db
def test_what_merging_comes_to_is_what_the_generator_says(tmp_path, settings):
    settings.GATHERING_ROOT = str(tmp_path / "inbox")
    for name in OFFICES:
        make_department(name)
    made = city(300, 60)
    with own_lake(tmp_path / "lake"):
        assert gather(made)
        told = make_registers()
        assert gather(made)  # again: nothing twice
        assert make_registers() == told
    follow_addresses()
    people = {one.values["id_number"]["value"]: one for one in Record.objects.filter(register="population")}
    assert set(people) == set(made.names)
    assert {code: one.values["name"]["value"] for code, one in people.items()} == made.names
    assert {code: one.values["phone"]["value"] for code, one in people.items() if "phone" in one.values} == made.phones

    def conflicts(register: str, element: str, key: str) -> set[str]:
        found = Conflict.objects.filter(register=register, element=element, state="open").select_related("record")
        return {one.record.values[key]["value"] for one in found}

    assert conflicts("population", "name", "id_number") == made.name_conflicts
    assert conflicts("population", "address", "id_number") == made.address_conflicts
    assert Record.objects.filter(register="legal_persons").count() == 60
    assert conflicts("legal_persons", "legal_person", "uscc") == made.firm_conflicts

    # What the ledgers say, in registers of the same make.
    told = ledgers(made)
    assert conflicts("credit", "repair", "no") == told.credit_conflicts
    assert conflicts("economy", "value", "series") == told.figure_conflicts
    assert Record.objects.filter(register="licences").count() == len(told.tables["food"] + told.tables["freight"])
    assert Record.objects.filter(register="economy").count() == len(told.tables["statistics"])
    hotel = next(one for one in standing_credit() if one["kind"] == "seriously_illegal")
    said = registered("credit", hotel["subject_number"], today())
    assert said is not None
    assert (said["seriously_illegal"]["value"], said["dishonest"]["value"], said["marked"]["value"]) == (
        True,
        False,
        True,
    )
    clean = registered("credit", "511602199003071013", today())
    assert clean is not None
    assert clean["marked"]["value"] is False

    # The address books: names by civil affairs, points by the survey.
    books, held = doors(), {one.code: one for one in Address.objects.all()}
    assert {code: one.road + (one.number or one.estate) for code, one in held.items()} == books.texts
    assert {code for code, one in held.items() if one.lon} == books.measured
    assert {code for code, one in held.items() if one.state == "ended"} == books.ended
    assert conflicts("addresses", "road", "code") == books.road_conflicts
    assert conflicts("addresses", "number", "code") == books.number_conflicts

    def found(register: str) -> set[tuple[str, str]]:
        pairs = Pair.objects.filter(register=register)
        return {(one.left.get("row_key") or one.left["key"], one.right["key"]) for one in pairs}

    for register, true in (
        ("population", made.twins),
        ("legal_persons", made.firm_twins),
        ("addresses", books.twins | books.twice),
    ):
        told = found(register)
        precision, recall = len(told & true) / max(len(told), 1), len(told & true) / len(true)
        print(f"{register}: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201
        assert precision >= 0.9
        assert recall >= 0.8
