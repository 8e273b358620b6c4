"""The pages of gathering: from the first step to the issuer's word."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.organisations.queries import department
from tongban.services.licences.models import Batch, Gathering, Licence

from .factories import csv_of, make_gathering, make_type, old_row

pytestmark = pytest.mark.django_db
HOME = "/console/licences/gathering/"


@pytest.fixture
def manager():
    return officer("item_manager")


@pytest.fixture
def desk(manager):
    return sign_in(Client(), manager)


def sent(*rows, name="台账.csv"):
    return SimpleUploadedFile(name, csv_of(*rows))


def test_from_the_first_step_to_the_issuers_word(desk, manager):
    kind = make_type()
    assert kind.name in desk.get(HOME).content.decode()
    answer = desk.post(f"{HOME}begin/", {"type_code": kind.code})
    gathering = Gathering.objects.get()
    page = answer["Location"]
    assert page == f"{HOME}{gathering.pk}/"
    assert desk.post(f"{page}table/", {"file": sent(old_row())}).status_code == 422
    assert desk.post(f"{page}step/", {"step": "confirm", "note-confirm": ""}).status_code == 422
    assert desk.post(f"{page}step/", {"step": "confirm", "note-confirm": "存量约100张"}).status_code == 302
    shown = desk.get(page).content.decode()
    assert "存量约100张" in shown
    answer = desk.post(f"{page}table/", {"file": sent(old_row("JY1"), old_row("JY2", 颁发日期="2024-02-30"))})
    batch = Batch.objects.get()
    place = answer["Location"]
    assert place == f"/console/licences/batches/{batch.pk}/"
    shown = desk.get(f"{place}?state=held").content.decode()
    assert "日历上没有这一天" in shown
    assert "JY1<" not in shown
    assert desk.post(f"{place}rows/3/", {"issued_on": "旧"}).status_code == 200
    assert desk.post(f"{place}rows/3/", {"issued_on": "2024-02-29"}).status_code == 302
    assert desk.post(f"{place}confirm/").status_code == 403
    approver = sign_in(Client(), officer("approver", department=department(manager.department_id)))
    assert "核对签发" in approver.get(place).content.decode()
    assert approver.post(f"{place}confirm/").status_code == 302
    assert set(Licence.objects.values_list("state", flat=True)) == {"valid"}
    assert approver.post(f"{place}confirm/").status_code == 422


def test_the_issuer_throws_a_row_out_from_its_page(desk, manager):
    gathering = make_gathering(manager)
    desk.post(f"{HOME}{gathering.pk}/table/", {"file": sent(old_row("JY1"))})
    approver = sign_in(Client(), officer("approver", department=department(manager.department_id)))
    place = f"/console/licences/batches/{Batch.objects.get().pk}/rows/2/"
    assert "剔除这一行" in approver.get(place).content.decode()
    assert approver.post(f"{place}drop/", {"reason": ""}).status_code == 422
    assert approver.post(f"{place}drop/", {"reason": "不是本部门颁发的"}).status_code == 302
    shown = desk.get(place).content.decode()
    assert "已剔除：不是本部门颁发的" in shown
    assert "剔除这一行" not in shown
    assert approver.post(f"{place}drop/", {"reason": "旧页面再点一次"}).status_code == 422
    assert desk.post(place, {"holder_name": "李桦"}).status_code == 302
    assert set(Licence.objects.values_list("state", "version")) == {("discarded", 1), ("draft", 2)}


def test_files_to_take_away(desk, manager):
    gathering = make_gathering(manager)
    answer = desk.get(f"{HOME}{gathering.pk}/template/")
    heads = [cell.value for cell in load_workbook(io.BytesIO(answer.content)).worksheets[0][1]]
    assert heads[:2] == ["证照编号", "持证人"]
    desk.post(f"{HOME}{gathering.pk}/table/", {"file": sent(old_row("=1+1"))})
    answer = desk.get(f"/console/licences/batches/{Batch.objects.get().pk}/report/")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert "'=1+1" in [cell.value for cell in sheet[2]]
    assert answer["Cache-Control"] == "no-store"
    assert Fact.objects.filter(name="licences.report_taken").count() == 1


def test_the_list_of_rows_does_not_ask_for_each(desk, manager, django_assert_max_num_queries):
    gathering = make_gathering(manager)
    desk.post(f"{HOME}{gathering.pk}/table/", {"file": sent(*(old_row() for _ in range(30)))})
    with django_assert_max_num_queries(20):
        assert desk.get(f"/console/licences/batches/{Batch.objects.get().pk}/").status_code == 200


def test_another_department_sees_nothing(desk, manager):
    gathering = make_gathering(manager)
    desk.post(f"{HOME}{gathering.pk}/table/", {"file": sent(old_row())})
    stranger = sign_in(Client(), officer("item_manager"))
    place = f"/console/licences/batches/{Batch.objects.get().pk}/"
    for address in (
        f"{HOME}{gathering.pk}/",
        f"{HOME}{gathering.pk}/template/",
        place,
        f"{place}report/",
        f"{place}rows/2/",
    ):
        assert stranger.get(address).status_code == 404
    assert sign_in(Client(), officer("clerk")).get(HOME).status_code == 403
