"""While somebody writes an address, standard ones are offered; the one he takes is read for his draft, and that is a fact."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tongban.data.places.models import Address
from tongban.data.places.tests.factories import divisions, make_address
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, sign_in
from tongban.foundation.organisations.tests.factories import make_divisions
from tongban.services.cases.models import Draft
from tongban.services.cases.tests.factories import make_office

pytestmark = pytest.mark.django_db
FIELD = {"key": "where", "type": "address", "label": "经营场所"}
FORM = {"title": "申请表", "groups": [{"key": "place", "title": "场所", "fields": [FIELD]}]}
CITY = {
    "where.level1": "510000000000",
    "where.level2": "511600000000",
    "where.level3": "511602000000",
    "_shown": "where",
}


@pytest.fixture
def url(client: Client) -> str:
    make_divisions()
    divisions()
    make_address(1)
    make_address(2, building="2", room="301")
    make_address(3, number="20", state="ended")
    make_office(form=FORM)
    sign_in(client, citizen())
    return str(client.post("/apply/venue-permit/?venue=hotel").url)


def typed(client: Client, url: str, detail: str, do: str = "refresh:where") -> str:
    return str(client.post(url, CITY | {"where.detail": detail, "_do": do}).content.decode())


def test_what_is_typed_is_offered_as_standard_addresses_and_one_is_taken_for_the_draft(
    client: Client, url: str
) -> None:
    assert 'value="take:' not in client.get(url).content.decode()
    shown = typed(client, url, "翠屏路１８")
    code, other = (one.code for one in Address.objects.filter(state="in_use").order_by("code"))
    assert f'value="take:where:{code}"' in shown
    assert f'value="take:where:{other}"' in shown
    assert "浓洄街道翠屏路社区居委会翠屏路18号2栋301室</button>" in shown
    assert "翠屏路20号" not in typed(client, url, "翠屏路2")
    assert f'value="take:where:{code}"' in typed(client, url, "翠平路18号")  # sounds the same
    assert not Fact.objects.filter(name="places.address_read").exists()
    taken = typed(client, url, "翠屏路18", f"take:where:{other}")
    draft = Draft.objects.get()
    assert draft.answers["where"] == {"division": "511602001001", "detail": "翠屏路18号2栋301室"}
    assert "来自地址库" in taken
    assert 'value="take:' not in typed(client, url, "翠屏路18号2栋301室")
    look = Fact.objects.get(name="places.address_read")
    assert (look.data["case_no"], look.data["purpose"]) == (f"draft:{draft.pk}", draft.task_name)


@pytest.mark.parametrize(
    "do", ["take:where:nowhere", "take:where:", "take:other:x", "take:where", "take:where:" + "x" * 500]
)
def test_what_is_none_is_not_taken_and_nothing_typed_is_lost(client: Client, url: str, do: str) -> None:
    assert "随便写写" in typed(client, url, "随便写写", do)
    assert not Fact.objects.filter(name="places.address_read").exists()


def test_saved_as_one_types_the_offers_come_with_the_answer(client: Client, url: str) -> None:
    post: dict[str, Any] = CITY | {"where.detail": "翠屏路1"}
    assert 'value="take:where:' in client.post(url.replace("/form/", "/save/"), post).content.decode()
