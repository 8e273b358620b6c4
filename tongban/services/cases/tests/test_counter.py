"""Counter intake: a person comes with paper and leaves with a receipt."""

import pytest

from tongban.foundation.identity.queries import identity_card
from tongban.foundation.identity.tests.factories import citizen, id_number, officer, sign_in
from tongban.services.cases.models import Case

from .factories import make_office

pytestmark = pytest.mark.django_db

URL = "/console/cases/counter/venue-permit/"


@pytest.fixture
def office(client):
    office = make_office()
    sign_in(client, office.clerk)
    return office


def filled(**changes):
    return {
        "_do": "submit",
        "_key": "one-visit",
        "applyer_kind": "person",
        "applyer_name": "赵国强",
        "applyer_page_code": id_number(),
        "contact_mobile": "13800138000",
        "name": "翠屏理发店",
        "situation.venue": "hotel",
        "how-plan": "paper",
        "copies-plan": "2",
        "how-identity": "waived",
    } | changes


def test_choosing_an_item_of_ones_own_department(client, office):
    page = client.get("/console/cases/counter/").content.decode()
    assert URL in page


def test_the_whole_visit(client, office):
    page = client.get(URL).content.decode()
    assert 'name="situation.venue"' in page
    assert "水质检测报告" not in page
    answer = client.post(URL, filled(), follow=True)
    case = Case.objects.get()
    page = answer.content.decode()
    assert (case.channel, case.state, case.applicant_name) == ("counter", "received", "赵国强")
    assert sorted(case.materials.values_list("key", "way", "copies")) == [("identity", "7", 1), ("plan", "1", 2)]
    assert case.project_no in page
    assert "平面图" in page


def test_a_second_click_makes_no_second_case(client, office):
    given = filled()
    for _ in range(2):
        assert client.post(URL, given, follow=True).status_code == 200
    assert Case.objects.count() == 1


def test_somebody_registered_gets_his_case_in_his_space(client, office):
    someone = citizen()
    card = identity_card(someone)
    client.post(URL, filled(applyer_name=card["name"], applyer_page_code=card["id_number"]))
    assert Case.objects.get().applicant_id == someone.person_id


def test_everything_wrong_is_told_and_everything_typed_stays(client, office):
    answer = client.post(URL, filled(applyer_page_code="511602199003071234", applyer_name="某某", **{"how-plan": ""}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "证件号码不正确" in page
    assert 'value="某某"' in page
    assert 'value="511602199003071234"' in page
    assert not Case.objects.exists()
    missing = client.post(URL, filled(**{"how-plan": ""})).content.decode()
    assert "请提供：平面图" in missing


def test_another_situation_asks_for_more(client, office):
    page = client.post(URL, filled(_do="refresh", **{"situation.venue": "pool"})).content.decode()
    assert "水质检测报告" in page
    assert 'value="赵国强"' in page
    assert not Case.objects.exists()


def test_who_may_not_take_in(client, office):
    for actor in (officer("reviewer", department=office.department), officer("clerk")):
        sign_in(client, actor)
        assert client.post(URL, filled()).status_code == 403
    assert not Case.objects.exists()
