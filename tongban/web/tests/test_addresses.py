"""The pages of the address book, and where an application uses it."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.identity.queries import addresses_of
from tongban.foundation.identity.tests.factories import citizen, make_address, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.services.cases.models import Draft
from tongban.services.cases.tests.factories import make_draft, make_office
from tongban.services.items.tests.factories import DEFINITION

pytestmark = pytest.mark.django_db

TYPED = {
    "label": "家", "name": "李华", "phone": "13812345678", "postcode": "638000", "place.detail": "翠屏路18号",
    "place.level1": "510000000000", "place.level2": "511600000000", "place.level3": "511602000000",
    "place.level4": "511602001000", "place.level5": "511602001001",
}  # fmt: skip
HOME = {"key": "home", "label": "住址", "type": "address", "required": True, "element": "contact.address"}


@pytest.fixture
def lihua(client: Client) -> Actor:
    actor = citizen()
    make_address(actor, label="单位", detail="平安大道1号")
    sign_in(client, actor)
    return actor


def test_an_address_is_added_changed_and_after_a_question_removed(client: Client, lihua: Actor) -> None:
    assert client.post("/my/addresses/new/", TYPED | {"is_default": "true"}).status_code == 302
    home, office = addresses_of(lihua)
    assert (home.label, home.is_default, home.division) == ("家", True, "511602001001")
    page = client.get("/my/addresses/").content.decode()
    assert "四川省广安市广安区浓洄街道翠屏路社区居委会翠屏路18号" in page
    assert "138****5678" in page

    assert "翠屏路18号" in client.get(f"/my/addresses/{home.pk}/").content.decode()
    client.post(f"/my/addresses/{home.pk}/", TYPED | {"label": "新家"})
    assert {entry.label for entry in addresses_of(lihua)} == {"新家", "单位"}

    assert "删去“单位”" in client.get(f"/my/addresses/{office.pk}/remove/").content.decode()
    assert len(addresses_of(lihua)) == 2
    client.post(f"/my/addresses/{office.pk}/remove/")
    assert [entry.label for entry in addresses_of(lihua)] == ["新家"]


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(client: Client, lihua: Actor) -> None:
    answer = client.post("/my/addresses/new/", TYPED | {"postcode": "63800", "phone": "", "label": "妈妈家"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="妈妈家"' in page
    assert "翠屏路18号" in page
    assert 'id="f-phone-error"' in page
    answer = client.post("/my/addresses/new/", TYPED | {"postcode": "63800"})
    assert "邮政编码是6位数字。" in answer.content.decode()
    assert len(addresses_of(lihua)) == 1


def test_choosing_a_place_draws_the_next_level_and_saves_nothing(client: Client, lihua: Actor) -> None:
    typed = {"label": "家", "place.level1": "510000000000", "place.level2": "511600000000", "_do": "refresh"}
    page = client.post("/my/addresses/new/", typed).content.decode()
    assert "place.level3" in page
    assert 'value="家"' in page
    assert "tb-error-summary" not in page
    assert len(addresses_of(lihua)) == 1


def test_nobody_opens_the_address_of_another(client: Client, lihua: Actor) -> None:
    foreign = make_address(citizen())
    for path in (f"/my/addresses/{foreign.pk}/", f"/my/addresses/{foreign.pk}/remove/"):
        assert client.get(path).status_code == 404
        assert client.post(path, TYPED).status_code == 404


def draft_of(lihua: Actor) -> Draft:
    form = {"title": "申请表", "groups": [{"key": "g", "title": "联系", "fields": [HOME]}]}
    results = [DEFINITION["results"][0] | {"delivery": ["online", "post"]}]
    return make_draft(make_office(form=form, results=results), lihua)


def test_the_form_takes_an_address_over_and_says_where_it_came_from(client: Client, lihua: Actor) -> None:
    parents = make_address(lihua, label="父母家", detail="燎原路1号")
    draft = draft_of(lihua)
    address = f"/apply/{draft.item_code}/{draft.pk}/form/"
    assert f"pick:home:{parents.pk}" in client.get(address).content.decode()
    answer = client.post(address, {"_do": f"pick:home:{parents.pk}", "_shown": "home", "home.detail": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "来自我的地址簿（父母家）" in page
    draft.refresh_from_db()
    assert draft.answers["home"]["detail"] == "燎原路1号"


def test_the_result_is_posted_to_an_address_of_the_book(client: Client, lihua: Actor) -> None:
    parents = make_address(lihua, label="父母家", name="李母", detail="燎原路1号", postcode="638000")
    draft = draft_of(lihua)
    address = f"/apply/{draft.item_code}/{draft.pk}/delivery/"
    assert "平安大道1号" in client.get(address).content.decode()
    page = client.post(address, {"pick": str(parents.pk)}).content.decode()
    assert 'value="李母"' in page
    assert "燎原路1号 638000" in page
    assert 'value="post" id="f-way" checked' in page or 'value="post" checked' in page
    draft.refresh_from_db()
    assert draft.delivery_wish == {}
