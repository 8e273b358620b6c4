"""At any counter a clerk compares face and card: the account is trusted more, and a forgotten password is replaced."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.audit.models import Fact
from tongban.foundation.audit.queries import looks_at
from tongban.foundation.identity.actions import unmask
from tongban.foundation.identity.errors import RegistrationRefused
from tongban.foundation.identity.models import Person
from tongban.foundation.kernel.errors import NotAllowed

from .factories import citizen, id_number, make_person, officer, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/console/persons/"


@pytest.fixture
def clerk(client: Client) -> Client:
    return sign_in(client, officer("clerk"))


def test_the_level_rises_and_the_person_can_see_it(clerk: Client) -> None:
    person = make_person(level=1)
    assert clerk.post(PAGE, {"name": person.name, "id_number": person.id_number}).status_code == 200
    person.refresh_from_db()
    assert (person.level, person.account.level) == (3, 3)
    assert [look.purpose for look in looks_at(citizen(person))] == ["identity.counter"]


def test_a_forgotten_password_is_replaced_and_shown_once(clerk: Client) -> None:
    person = make_person()
    page = clerk.post(PAGE, {"name": person.name, "id_number": person.id_number, "forgotten": "1"})
    password = page.context["password"]
    assert password in page.content.decode()
    assert Person.objects.get(pk=person.pk).account.check_password(password)
    assert password not in str(list(Fact.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("changes", [{"name": "李花"}, {"id_number": id_number(955)}, {"id_number": ""}])
def test_unknown_and_differing_are_refused_in_the_same_words(clerk: Client, changes: dict[str, str]) -> None:
    person = make_person(level=1)
    page = clerk.post(PAGE, {"name": person.name, "id_number": person.id_number} | changes)
    assert page.status_code == 422
    assert [reason.code for reason in page.context["error"].reasons] == ["unknown"]
    assert Person.objects.get(pk=person.pk).level == 1


def test_a_whole_number_is_shown_for_a_stated_reason_only() -> None:
    person, clerk = make_person(), officer("clerk")
    with pytest.raises(RegistrationRefused):
        unmask(actor=clerk, person_id=person.pk, what="id_number", reason="看", subject="case:1")
    assert not Fact.objects.filter(name="persons.seen").exists()
    shown = unmask(actor=clerk, person_id=person.pk, what="id_number", reason="核对邮寄信息", subject="case:1")
    assert shown == person.id_number
    (seen,) = looks_at(citizen(person))
    assert (seen.unmasked, seen.purpose, seen.department_id) == (True, "核对邮寄信息", clerk.department_id)
    with pytest.raises(NotAllowed):
        unmask(actor=officer("supervisor"), person_id=person.pk, what="phone", reason="核对邮寄信息", subject="case:1")


def test_the_person_reads_who_looked(client: Client) -> None:
    person = make_person()
    unmask(actor=officer("clerk"), person_id=person.pk, what="phone", reason="电话通知补正", subject="case:1")
    text = sign_in(client, citizen(person)).get("/my/looks/").content.decode()
    assert "您的完整手机号码" in text
    assert "电话通知补正" in text
    assert "周丽" not in text  # the officer's name is not shown
