"""Rating in the browser, and the public figures."""

import pytest

from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.notifications.queries import messages_of
from tongban.services.cases.tests.factories import make_case, make_office
from tongban.services.evaluation.models import Rating

from .test_actions import make_closed

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone(client):
    actor = citizen()
    sign_in(client, actor)
    return actor


@pytest.fixture
def case(someone):
    return make_closed(make_office(), someone)


def test_rating_and_adding_to_it(client, case):
    page = client.get(f"/my/cases/{case.pk}/rate/").content.decode()
    assert page.count('type="radio"') == 5
    assert "一窗受理一次办结" in page
    answer = client.post(
        f"/my/cases/{case.pk}/rate/",
        {"stars": "2", "reasons-2": ["209"], "reasons-5": ["510"], "text": "等太久", "anonymous": "on"},
        HTTP_USER_AGENT="Mobile Mobi",
        follow=True,
    )
    assert "评价已提交" in answer.content.decode()
    assert "未在承诺时间内办结" in answer.content.decode()
    rating = Rating.objects.get()
    assert (rating.stars, rating.reasons, rating.anonymous, rating.way) == (2, ["209"], True, "2")
    done = client.post(f"/my/cases/{case.pk}/rate/more/", {"text": "补充一句"}, follow=True).content.decode()
    assert "补充一句" in done
    assert "提交追评" not in done


def test_what_was_typed_stays_when_refused(client, case):
    answer = client.post(f"/my/cases/{case.pk}/rate/", {"text": "长" * 501})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择一个满意程度" in page
    assert "不能超过500字" in page
    assert "长" * 501 in page


def test_an_open_case_says_when(client, someone):
    page = client.get(f"/my/cases/{make_case(make_office(), someone).pk}/rate/").content.decode()
    assert "办结后才能评价" in page
    assert 'type="radio"' not in page


def test_forged_stars_are_refused(client, case):
    for stars in ("6", "0", "-1", "五", "²"):
        assert client.post(f"/my/cases/{case.pk}/rate/", {"stars": stars}).status_code == 422
    assert not Rating.objects.exists()


def test_somebody_elses_case(client, case):
    sign_in(client, citizen())
    assert client.get(f"/my/cases/{case.pk}/rate/").status_code == 404


def test_everybody_sees_the_figures(client, case):
    client.post(f"/my/cases/{case.pk}/rate/", {"stars": "4"})
    client.logout()
    page = client.get("/ratings/").content.decode()
    assert "100%" in page
    assert case.task_name in page
    assert client.get("/ratings/?period=forever").status_code == 200


def test_the_rated_body_sees_what_to_mend_and_not_who_said_it(client):
    office, someone = make_office(), citizen()
    case = make_closed(office, someone)
    sign_in(client, someone)
    client.post(f"/my/cases/{case.pk}/rate/", {"stars": "1", "text": "跑了三趟", "anonymous": "on"})
    sign_in(client, office.approver)
    page = client.get("/console/evaluations/").content.decode()
    assert "跑了三趟" in page
    assert str(case.pk) not in page
    assert case.project_no not in page
    sign_in(client, office.clerk)
    assert client.get("/console/evaluations/").status_code == 403
    sign_in(client, officer("hall_manager", department=office.department))
    assert "跑了三趟" in client.get("/console/evaluations/").content.decode()


def test_the_head_of_the_department_is_told_at_once(client):
    office, someone = make_office(), citizen()
    head = officer("dept_head", department=office.department)
    case = make_closed(office, someone)
    sign_in(client, someone)
    client.post(f"/my/cases/{case.pk}/rate/", {"stars": "2"})
    assert [message.title for message in messages_of(head)] == [f"收到差评，请核实整改：{case.task_name}"]
