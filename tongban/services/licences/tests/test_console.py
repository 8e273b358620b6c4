"""The issuer's desk and the page where a body looks."""

import pytest
from django.test import Client

from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.services.licences.actions import show_code
from tongban.services.licences.models import Licence
from tongban.services.licences.queries import runs_until

from .factories import VALUES, make_licence

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver():
    return officer("approver")


@pytest.fixture
def desk(approver):
    return sign_in(Client(), approver)


def test_the_list_is_the_departments_own_and_masked(desk, approver):
    licence, other = make_licence(approver), make_licence()
    page = desk.get("/console/licences/?state=valid").content.decode()
    assert f"/console/licences/{licence.pk}/" in page
    assert str(other.pk) not in page
    assert licence.holder_name not in page
    assert desk.get(f"/console/licences/{other.pk}/").status_code == 404


def test_one_licence_offers_what_may_be_done(desk, approver):
    licence = make_licence(approver)
    page = desk.get(f"/console/licences/{licence.pk}/").content.decode()
    assert f"/console/licences/{licence.pk}/suspend/" in page
    assert f"/console/licences/{licence.pk}/restore/" not in page
    assert licence.holder_number not in page


def test_an_act_is_refused_with_reasons_and_then_done(desk, approver):
    licence = make_licence(approver)
    address = f"/console/licences/{licence.pk}/suspend/"
    assert desk.get(address).status_code == 200
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, {"reason": "检查不合格", "document": "3号", "until_on": "2099-01-01"}).status_code == 302
    assert Licence.objects.get(pk=licence.pk).state == "suspended"
    assert desk.post(address, {"reason": "再来一次", "document": "4号"}).status_code == 409
    assert desk.get(f"/console/licences/{licence.pk}/expire/").status_code == 404


def test_what_was_typed_is_still_there_when_a_change_is_refused(desk, approver):
    licence = make_licence(approver)
    answer = desk.post(f"/console/licences/{licence.pk}/change/", {**VALUES, "address": "广安区厚街1号", "reason": ""})
    assert answer.status_code == 422
    assert 'value="广安区厚街1号"' in answer.content.decode()


def test_a_renewal_by_the_page_offers_the_day_that_follows_from_the_old_one_and_takes_another(desk, approver):
    licence = make_licence(approver)
    address = f"/console/licences/{licence.pk}/renew/"
    assert f'value="{runs_until(licence):%Y-%m-%d}"' in desk.get(address).content.decode()
    desk.post(address, {"valid_until": "2099-01-31", "reason": "延续"})
    assert f"{Licence.objects.get(version=2).valid_until}" == "2099-01-31"


def test_a_change_by_the_page_makes_the_next_version(desk, approver):
    licence = make_licence(approver)
    answer = desk.post(
        f"/console/licences/{licence.pk}/change/", {**VALUES, "address": "广安区厚街1号", "reason": "迁址"}
    )
    new = Licence.objects.get(version=2)
    assert answer["Location"] == f"/console/licences/{new.pk}/"
    assert new.fields == VALUES | {"address": "广安区厚街1号"}


def test_looking_by_the_holders_code(desk):
    holder = citizen()
    licence = make_licence(holder=holder)
    assert desk.get("/console/licences/look/").status_code == 200
    assert desk.post("/console/licences/look/", {}).status_code == 422
    told = {"purpose": "核对", "case_no": "1"}
    by_number = {"number": licence.holder_number, "type_code": licence.type_code}
    assert desk.post("/console/licences/look/", told | by_number).status_code == 403
    code, _until = show_code(actor=holder, licence_id=licence.pk)
    page = desk.post("/console/licences/look/", told | {"code": code})
    assert VALUES["business_name"] in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert desk.post("/console/licences/look/", told | {"code": code}).status_code == 409


def test_a_hint_stands_under_its_own_field_alone(desk, approver):
    assert desk.get("/console/licences/look/").content.decode().count("扫码，或输入12位数字") == 1
    page = desk.get(f"/console/licences/{make_licence(approver).pk}/revoke/").content.decode()
    assert page.count("持证人会看到") == 1


def test_who_may_not_is_kept_out():
    assert sign_in(Client(), officer("operator")).get("/console/licences/").status_code == 403
    assert sign_in(Client(), citizen()).get("/console/licences/look/").status_code == 403
