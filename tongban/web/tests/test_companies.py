"""A legal representative lets somebody act for his company, for some things and until a day, and takes it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.models import Mandate
from tongban.foundation.identity.queries import capacities_of, mandate_covers
from tongban.foundation.identity.tests.factories import (
    citizen,
    company_actor,
    id_number,
    make_company,
    make_person,
    sign_in,
)
from tongban.foundation.kernel.clock import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Client) -> Client:
    company = make_company()
    client.company = company
    return sign_in(client, citizen(company.legal_person))


def granted(boss: Client, **changes: str) -> dict[str, str]:
    handler = make_person(name="孙丽")
    until = str(today() + timedelta(days=30))
    return {"name": "孙丽", "id_number": handler.id_number, "until_on": until, "reach": "all"} | changes


def test_a_handler_is_granted_and_revoked(boss: Client) -> None:
    typed = granted(boss)
    boss.post(f"/my/companies/{boss.company.pk}/grant/", typed)
    mandate = Mandate.objects.get(is_legal_person=False)
    assert [c.kind for c in capacities_of(mandate.person.account)] == ["self", "company"]
    page = boss.get("/my/companies/").content.decode()
    assert "孙丽" in page
    assert typed["id_number"] not in page
    boss.post(f"/my/companies/mandates/{mandate.pk}/revoke/")
    assert [c.kind for c in capacities_of(mandate.person.account)] == ["self"]
    assert Fact.objects.filter(name__startswith="identity.mandate_").count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "孙力"}, "id_number"),
        ({"id_number": id_number(977)}, "id_number"),
        ({"id_number": ""}, "id_number"),
        ({"until_on": ""}, "until_on"),
        ({"until_on": "2026-02-30"}, "until_on"),
        ({"until_on": "2020-01-01"}, "until_on"),
        ({"until_on": "2099-01-01"}, "until_on"),
    ],
)
def test_a_grant_with_a_mistake_is_refused_beside_the_field(boss: Client, changes: dict[str, str], field: str) -> None:
    page = boss.post(f"/my/companies/{boss.company.pk}/grant/", granted(boss, **changes))
    assert page.status_code == 422
    assert field in page.context["error"].fields
    assert not Mandate.objects.filter(is_legal_person=False).exists()


def test_some_things_only_must_name_some(boss: Client) -> None:
    page = boss.post(f"/my/companies/{boss.company.pk}/grant/", granted(boss, reach="some"))
    assert page.status_code == 422


def test_a_mandate_reaches_the_items_it_names() -> None:
    actor = company_actor()
    Mandate.objects.update(items=["food-permit"])
    assert mandate_covers(actor, "food-permit")
    assert not mandate_covers(actor, "building-permit")
    Mandate.objects.update(items=[])
    assert mandate_covers(actor, "building-permit")


def test_only_the_legal_representative_grants(boss: Client) -> None:
    other = make_company()
    assert boss.post(f"/my/companies/{other.pk}/grant/", granted(boss)).status_code == 403


def test_a_stranger_revokes_nothing(client: Client) -> None:
    company = make_company()
    mandate = company.mandates.get()
    sign_in(client, citizen())
    assert client.post(f"/my/companies/mandates/{mandate.pk}/revoke/").status_code == 403


def test_a_handler_lays_his_own_mandate_down(client: Client) -> None:
    handler = make_person(name="孙丽")
    mandate = Mandate.objects.create(person=handler, company=make_company(), starts_on=today())
    sign_in(client, citizen(handler))
    client.post(f"/my/companies/mandates/{mandate.pk}/revoke/")
    assert Mandate.objects.get(pk=mandate.pk).revoked_at is not None
