"""The pages of automatic decisions, by those who may and those who may not."""

from __future__ import annotations

import pytest

from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.notifications.actions import load_templates
from tongban.services.decisions.models import Halt, HumanCheck
from tongban.services.items.tests.factories import make_item

from .factories import make_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(db):
    load_templates()
    return make_check(make_item().item)


def approver(client, check):
    return sign_in(client, officer("approver", department=check.decided.rule_set.department))


def test_the_board_counts_and_leads_to_the_item(client, check):
    page = approver(client, check).get("/console/decisions/")
    assert page.status_code == 200
    (row,) = page.context["rows"]
    assert (row.counts, row.waiting) == ({"grant": 1}, 1)
    assert f"/console/decisions/items/{row.item_code}/" in page.content.decode()


def test_the_switch_wants_a_reason_and_turns_both_ways(client, check):
    approver(client, check)
    here = f"/console/decisions/items/{check.decided.item_code}/"
    assert client.post(f"{here}switch/", {"turn": "halt", "reason": ""}).status_code == 422
    assert client.post(f"{here}switch/", {"turn": "halt", "reason": "数据有误"}).status_code == 302
    assert "已停用" in client.get(here).content.decode()
    client.post(f"{here}switch/", {"turn": "lift", "reason": "已更正"})
    assert not Halt.objects.filter(lifted_at=None).exists()


def test_one_decision_is_explained_whole_and_masked(client, check):
    page = approver(client, check).get(f"/console/decisions/one/{check.decided_id}/").content.decode()
    for words in ("人口库", "老年人权益保障法第五十三条", "zen-engine", "决定结论"):
        assert words in page
    assert check.decided.snapshot["values"]["number"]["value"] not in page
    stranger = sign_in(client, officer("approver"))
    assert stranger.get(f"/console/decisions/one/{check.decided_id}/").status_code == 404


def test_a_check_is_answered_at_the_desk(client, check):
    approver(client, check)
    assert str(check.pk) in client.get("/console/decisions/checks/").content.decode()
    here = f"/console/decisions/checks/{check.pk}/"
    assert client.post(here, {"answer": "differs"}).status_code == 422
    assert client.post(here, {"answer": "differs", "reasons": "年龄登记有误"}).status_code == 302
    assert HumanCheck.objects.get().answer == "differs"
    assert "不一致" in client.get("/console/decisions/").content.decode()


def test_the_applicant_asks_for_a_person_and_nobody_else_can(client, check):
    applicant = citizen()
    check.decided.applicant_id = applicant.applicant_id
    check.decided.save()
    here = f"/my/cases/{check.decided.case_id}/ask-person/"
    stranger = sign_in(client, citizen())
    assert [stranger.get(here).status_code, stranger.post(here).status_code] == [404, 404]
    assert "请人工复核？" in sign_in(client, applicant).get(here).content.decode()
    assert client.post(here, {"words": "x" * 1001}).status_code == 422
    assert not HumanCheck.objects.filter(cause="asked").exists()
    assert client.post(here, {"words": "户籍已迁来"}).status_code == 302
    assert HumanCheck.objects.get(cause="asked").words == "户籍已迁来"


PAGES = ("", "checks/", "checks/{check}/", "items/{code}/", "one/{one}/")
SEES = {
    "clerk": (200, 200, 403, 200, 200),
    "reviewer": (200,) * 5,
    "approver": (200,) * 5,
    "dept_head": (200, 200, 403, 200, 200),
    "item_manager": (200, 200, 403, 200, 200),
    "supervisor": (200, 200, 403, 200, 200),
    "hall_manager": (403,) * 5,
    "system_admin": (403,) * 5,
}
MAY_HALT = {"approver", "dept_head"}


@pytest.mark.parametrize("role", list(SEES))
def test_each_role_sees_and_switches_what_its_rights_say(client, check, role):
    decided = check.decided
    sign_in(client, officer(role, department=decided.rule_set.department))
    named = {"check": check.pk, "code": decided.item_code, "one": decided.pk}
    got = [client.get("/console/decisions/" + page.format(**named)) for page in PAGES]
    assert tuple(page.status_code for page in got) == SEES[role]
    if SEES[role][3] == 200:
        assert ("立即停用" in got[3].content.decode()) == (role in MAY_HALT)
    turned = client.post(
        f"/console/decisions/items/{decided.item_code}/switch/", {"turn": "halt", "reason": "数据有误"}
    )
    assert turned.status_code == (302 if role in MAY_HALT else 403)
    assert Halt.objects.exists() == (role in MAY_HALT)
