"""Who may look, what he sees, and that every look is written down."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from uuid import uuid4

import pytest
import time_machine

from tongban.data.registries import queries
from tongban.data.registries.errors import LookRefused
from tongban.data.registries.models import Record
from tongban.data.registries.rules import is_stale, masked
from tongban.data.registries.tests import factories
from tongban.data.registries.tests.factories import LIHUA, TEAHOUSE, ZHANGWEI
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests import factories as people
from tongban.foundation.kernel.actors import ANONYMOUS, Actor, Scope
from tongban.foundation.kernel.errors import NotAllowed, NotCleared, NotSignedIn

FOR_CASE = {"purpose": "核对经营者身份", "case_no": "511602000012026000001"}


@pytest.fixture
def registers(db):
    factories.registers()


def clerk(clearance: int = 3) -> Actor:
    return Actor(
        "staff",
        uuid4(),
        department_id=uuid4(),
        grants=MappingProxyType({"registries.look": Scope.DEPARTMENT}),
        clearance=clearance,
    )


def test_a_look_takes_clearance_and_ones_own_does_not(registers):
    for look, number in ((queries.person_record, "id_number"), (queries.company_record, "uscc")):
        with pytest.raises(NotCleared):
            look(actor=clerk(2), **{number: LIHUA["id_number"]}, **FOR_CASE)
    assert not Fact.objects.filter(name="registries.looked").exists()


@time_machine.travel("2026-11-21T08:00:00+08:00", tick=False)
def test_an_officer_sees_each_value_with_its_source_and_day_and_is_written_down(registers):
    actor = clerk()
    record = queries.person_record(actor=actor, id_number=LIHUA["id_number"].lower(), **FOR_CASE)
    assert record is not None
    assert record["name"] == {"value": "李华", "source": "区公安分局 · 人口库", "as_of": "2026-10-31", "stale": False}
    assert record["address"]["value"]["division"] == "511602001001"
    fact = Fact.objects.get(name="registries.looked")
    assert fact.data == {"what": "population", **FOR_CASE, "own": False}
    assert (fact.actor_id, fact.stream) == (
        actor.account_id,
        f"record:{Record.objects.get(pk=fact.stream[7:]).pk}",
    )
    assert LIHUA["id_number"] not in str(fact.data)


def test_a_company_is_found_by_its_code(registers):
    record = queries.company_record(actor=clerk(), uscc=TEAHOUSE["uscc"], **FOR_CASE)
    assert record is not None
    assert record["legal_person"]["value"] == "李华"
    assert record["capital"]["value"] == 5_000_000


def test_who_is_not_registered_is_not_found_and_the_look_is_still_a_fact(registers):
    assert queries.person_record(actor=clerk(), id_number="11010519491231002X", **FOR_CASE) is None
    assert Fact.objects.get(name="registries.looked").stream == "register:population"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"purpose": " "}, ["purpose"]),
        ({"case_no": ""}, ["case_no"]),
        ({"id_number": "123", "purpose": "", "case_no": ""}, ["id_number", "purpose", "case_no"]),
    ],
)
def test_nobody_looks_without_purpose_and_case(registers, changes, codes):
    with pytest.raises(LookRefused) as refused:
        queries.person_record(**({"actor": clerk(), "id_number": LIHUA["id_number"]} | FOR_CASE | changes))
    assert [reason.code for reason in refused.value.reasons] == codes
    assert not Fact.objects.filter(name="registries.looked").exists()


def test_a_citizen_reads_his_own_record_and_nobody_elses(registers):
    me = people.citizen(people.make_person(id_number=LIHUA["id_number"], name="李华"))
    record = queries.person_record(actor=me, id_number=LIHUA["id_number"], purpose="prefill", case_no="")
    assert record is not None
    fact = Fact.objects.get(name="registries.looked")
    assert fact.data["own"] is True
    assert fact.person_id is None  # it is nobody else's look
    with pytest.raises(NotAllowed):
        queries.person_record(actor=me, id_number=ZHANGWEI["id_number"], **FOR_CASE)
    with pytest.raises(NotSignedIn):
        queries.person_record(actor=ANONYMOUS, id_number=LIHUA["id_number"], **FOR_CASE)


def test_the_person_sees_that_an_office_looked(registers):
    me = people.citizen(people.make_person(id_number=LIHUA["id_number"], name="李华"))
    queries.person_record(actor=clerk(), id_number=LIHUA["id_number"], **FOR_CASE)
    assert Fact.objects.get(name="registries.looked").person_id == me.person_id


def test_numbers_and_names_are_ciphertext_in_the_database(registers):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select string_agg(values, ' ') from registries_record")
        stored = cursor.fetchone()[0]
    assert LIHUA["id_number"] not in stored
    assert "李华" not in stored


@pytest.mark.parametrize(
    ("element", "as_of", "stale"),
    [
        ("person.phone", date(2025, 11, 21), False),
        ("person.phone", date(2025, 11, 20), True),
        ("person.id_number", date(1990, 1, 1), False),
        ("company.capital", date(2024, 11, 20), True),
    ],
)
def test_staleness(element, as_of, stale):
    assert is_stale(element, as_of, date(2026, 11, 21)) is stale


def test_masks():
    assert masked("person.name", "欧阳娜") == "欧阳*"
    assert masked("person.id_number", LIHUA["id_number"]).startswith("511****")
    assert masked("person.address", {"division": "511602001001", "detail": "1号"})["detail"] == "***"
    assert masked("person.birth_on", "1990-03-07") == "1990-**-**"
    assert masked("company.name", "茶馆") == "茶馆"


def test_the_desks_page_shows_masked_values_and_keeps_what_was_typed(registers, client):
    people.sign_in(client, people.officer("clerk"))
    asked = {"register": "person", "number": LIHUA["id_number"], **FOR_CASE}
    page = client.post("/console/registries/", asked)
    assert page.status_code == 200
    text = page.content.decode()
    assert "李*" in text
    assert "区公安分局 · 人口库" in text
    assert LIHUA["phone"] not in text
    refused = client.post("/console/registries/", asked | {"purpose": ""}).content.decode()
    assert "请写明查询的目的。" in refused
    assert FOR_CASE["case_no"] in refused


def test_the_desks_page_is_closed_to_citizens(registers, client):
    people.sign_in(client, people.citizen())
    assert client.get("/console/registries/").status_code == 403
