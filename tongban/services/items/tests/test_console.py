"""The console of the department that owns rows of the list."""

from __future__ import annotations

import csv

import pytest

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.items.actions import import_listed
from tongban.services.items.models import ListedCorrection, ListedItem

from .factories import MANAGER, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_department("区卫健局")


@pytest.fixture
def rows(office, tmp_path):
    make_department("区民政局")
    path = tmp_path / "list.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["department", "main_item", "name", "item_code", "task_type", "area_code", "dept_code", "link"])
        writer.writerow(
            [
                "区卫健局",
                "未分类",
                "义诊活动备案(县级)",
                "511A1-511602000000-000-1-1-00",
                "10",
                "511602000000",
                office.code,
                "x",
            ]
        )
        writer.writerow(
            ["区民政局", "婚姻", "补领结婚证", "511A2-511602000000-000-1-1-00", "10", "511602000000", office.code, "x"]
        )
    import_listed(MANAGER, path)
    return list(ListedItem.objects.order_by("position"))


@pytest.fixture
def manager(client, office):
    sign_in(client, officer("item_manager", department=office))
    return client


def test_a_manager_sees_his_rows_with_what_is_wrong(manager, rows, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        html = manager.get("/console/items/").content.decode()
    assert "义诊活动备案(县级)" in html
    assert "补领结婚证" not in html
    assert "没有归入主项" in html
    assert "义诊" not in manager.get("/console/items/?flag=name_repeated").content.decode()
    assert "义诊" in manager.get("/console/items/?q=义诊&flag=width_half&state=open").content.decode()


def test_a_correction_is_made_in_the_browser(manager, rows):
    address = f"/console/items/{rows[0].pk}/"
    body = {"name": "义诊活动备案", "main_item": "义诊活动备案", "item_code": rows[0].item_code, "task_type": "10",
            "area_code": "511602000000", "department_code": rows[0].department_code, "reason": "查过目录"}  # fmt: skip
    answer = manager.post(f"{address}correct/", body, follow=True)
    html = answer.content.decode()
    assert "已更正" in html
    assert "查过目录" in html
    assert "义诊活动备案(县级)" in html  # as it came
    assert ListedCorrection.objects.count() == 2


def test_a_refused_correction_keeps_what_was_typed(manager, rows):
    answer = manager.post(f"/console/items/{rows[0].pk}/correct/", {"name": "", "main_item": "我写的主项"})
    assert answer.status_code == 422
    assert "我写的主项" in answer.content.decode()
    assert "不能留空" in answer.content.decode()
    assert not ListedCorrection.objects.exists()


def test_a_row_is_marked_as_checked(manager, rows):
    html = manager.post(f"/console/items/{rows[0].pk}/check/", follow=True).content.decode()
    assert "已核对" in html
    assert ListedItem.objects.get(pk=rows[0].pk).checked_at is not None


def test_another_departments_row_is_not_there(manager, rows):
    assert manager.get(f"/console/items/{rows[1].pk}/").status_code == 404
    assert manager.post(f"/console/items/{rows[1].pk}/correct/", {"name": "x"}).status_code == 404
    assert manager.post(f"/console/items/{rows[1].pk}/check/").status_code == 404


def test_a_clerk_reads_but_does_not_correct(client, rows, office):
    sign_in(client, officer("clerk", department=office))
    html = client.get(f"/console/items/{rows[0].pk}/").content.decode()
    assert "保存更正" not in html
    assert client.post(f"/console/items/{rows[0].pk}/correct/", {"name": "x"}).status_code == 403
    assert client.get(f"/console/items/{rows[0].pk}/correct/").status_code in (403, 405)


def test_citizens_and_strangers_stay_outside(client, rows):
    assert client.get("/console/items/").status_code == 302


def test_the_departments_implementation_lists_are_shown(manager):
    make_item()
    html = manager.get("/console/items/definitions/").content.decode()
    assert "公共场所卫生许可（新证）" in html
    assert "第1版" in html
