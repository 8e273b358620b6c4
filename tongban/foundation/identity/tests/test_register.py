"""A citizen registers: every mistake is named at once beside its field, and the population register has the last word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.identity.models import Account, Person
from tongban.foundation.identity.rules import device, person_faults
from tongban.foundation.kernel.identifiers import citizen_id_check

from .factories import id_number, make_person

GOOD = {"username": "lihua", "password": "willow-teapot-31", "again": "willow-teapot-31", "name": "李华"}


def filled(**changes: str) -> dict[str, Any]:
    return GOOD | {"id_number": id_number(701), "phone": "13812345678"} | changes


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"name": "李"}, [("name", "name")]),
        ({"name": "𬭊㛃䶮"}, []),
        ({"name": "买买提·艾山"}, []),
        ({"name": "李华2"}, [("name", "name")]),
        ({"id_number": "51160219900307"}, [("id_number", "length")]),
        ({"id_number": "51160219900307701a"}, [("id_number", "characters")]),
        ({"id_number": "511602199002307011"}, [("id_number", "birth_date")]),
        ({"phone": "12345"}, [("phone", "phone")]),
        ({"phone": "02812345678"}, [("phone", "phone")]),
        ({"name": "", "phone": "", "id_number": ""}, [("name", "name"), ("id_number", "length"), ("phone", "phone")]),
    ],
)
def test_what_is_wrong_with_a_person(changes: dict[str, str], faults: list[tuple[str, str]]) -> None:
    person = {"name": "李华", "id_number": id_number(702), "phone": "13812345678"} | changes
    assert person_faults(**person, today=date(2026, 1, 1)) == faults


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(place: int, step: int) -> None:
    good = "51160219900307701"
    wrong = good[:place] + str((int(good[place]) + step) % 10) + good[place + 1 :]
    number = wrong + citizen_id_check(good)
    assert person_faults(name="李华", id_number=number, phone="13812345678", today=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 MicroMessenger/8.0", "微信 · Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_in_few_words(user_agent: str, words: str) -> None:
    assert device(user_agent) == words


@pytest.mark.django_db
def test_a_citizen_registers_and_may_sign_in(client: Client) -> None:
    assert client.post("/account/register/", filled()).url == "/account/login/"
    person = Person.objects.get(account__username="lihua")
    assert (person.name, person.level, person.sex, str(person.birth_on)) == ("李华", 2, "1", "1990-03-07")
    assert client.post("/account/login/", {"login": "LiHua", "password": GOOD["password"]}).status_code == 302


@pytest.mark.django_db
def test_numbers_are_ciphertext_in_the_database(client: Client) -> None:
    client.post("/account/register/", filled())
    with connection.cursor() as cursor:
        cursor.execute("select id_number, phone, id_index from identity_person")
        row = cursor.fetchone()
    assert id_number(701) not in "".join(row)
    assert "13812345678" not in "".join(row)


@pytest.mark.django_db
def test_every_mistake_is_named_and_what_was_typed_stays(client: Client) -> None:
    page = client.post(
        "/account/register/", filled(username="李", password="123", again="1234", id_number="1", phone="2")
    )
    assert page.status_code == 422
    assert {r.field for r in page.context["error"].reasons} == {"username", "password", "again", "id_number", "phone"}
    text = page.content.decode()
    assert 'value="李华"' in text
    assert 'value="123"' not in text  # a password is never sent back
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("serial", [998, 999])
def test_the_register_has_the_last_word(client: Client, serial: int) -> None:
    page = client.post("/account/register/", filled(id_number=id_number(serial)))
    assert [reason.code for reason in page.context["error"].reasons] == ["not_confirmed"]
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_number_is_registered_once(client: Client) -> None:
    make_person(id_number=id_number(701))
    page = client.post("/account/register/", filled())
    assert [reason.code for reason in page.context["error"].reasons] == ["taken"]
    assert not Account.objects.filter(username="lihua").exists()


@pytest.mark.django_db
def test_whoever_was_entered_at_a_counter_takes_over_his_own_record(client: Client) -> None:
    from tongban.foundation.identity.actions import add_person
    from tongban.foundation.kernel.actors import installer

    known = add_person(actor=installer("cases.apply"), name="李华", id_number=id_number(701))
    client.post("/account/register/", filled())
    assert Person.objects.get(account__username="lihua").pk == known.pk


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "lihua-lihua"])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    page = client.post("/account/register/", filled(password=password, again=password, username="lihua-lihua"))
    assert "password" in page.context["error"].fields
