"""Figures of one's own division, lamps taken back with a reason, and the pages that show them."""

import io
from datetime import timedelta

import openpyxl
import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.office.supervision.actions import count_day, count_days, withdraw_lamp
from tongban.office.supervision.errors import WithdrawalRefused
from tongban.office.supervision.models import DayCount
from tongban.office.supervision.queries import figures
from tongban.services.cases.actions import deliver
from tongban.services.cases.models import Case
from tongban.services.cases.tests.factories import make_accepted, make_case, make_decided, make_office

pytestmark = pytest.mark.django_db

REASON = "省级系统故障，非部门责任"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def supervisor(office):
    return officer("supervisor", department=office.department)


def close_one(office):
    case = make_decided(office, result="refused", reasons="面积不足")
    return deliver(actor=office.clerk, case_id=case.pk, way="online")


def light(case, lamp="red"):
    Case.objects.filter(pk=case.pk).update(lamp=lamp, urgent_on=today() - timedelta(days=1))
    return case


def seen_by(actor):
    return figures(actor, since=today() - timedelta(days=30), until=today())


def now_figures(actor):
    return seen_by(actor).by_department


def test_figures_by_department_and_item(office, supervisor, django_assert_num_queries):
    light(make_case(office))
    make_accepted(office)
    close_one(office)
    with django_assert_num_queries(7):
        line = now_figures(supervisor)[office.department.pk]
    assert (line.open, line.lamps["red"], line.overdue) == (2, 1, 1)
    assert line.stages == {"acceptance": 1, "decision": 1, "delivery": 0}
    assert (line.closed, line.on_time) == (1, 1)
    by_item = seen_by(supervisor).by_item[office.version.content["code"]]
    assert (by_item.open, by_item.closed) == (2, 1)


def test_a_counted_day_reads_the_same_as_a_fresh_one(office, supervisor, time_machine):
    time_machine.move_to("2026-11-20T04:00:00+00:00")
    close_one(office)
    fresh = now_figures(supervisor)[office.department.pk]
    count_day(today())
    count_day(today())
    assert now_figures(supervisor)[office.department.pk] == fresh
    time_machine.move_to("2026-11-23T04:00:00+00:00")
    later = now_figures(supervisor)[office.department.pk]
    assert (later.closed, later.on_time) == (fresh.closed, fresh.on_time) == (1, 1)
    days = seen_by(supervisor).by_day
    assert [count for count in days.values() if count[0]] == [(1, 1)]
    assert count_days(today() - timedelta(days=5), today()) == DayCount.objects.count() == 1


def test_a_late_decision_is_not_in_time(office, supervisor):
    case = close_one(office)
    Case.objects.filter(pk=case.pk).update(promise_due_on=today() - timedelta(days=1))
    line = now_figures(supervisor)[office.department.pk]
    assert (line.closed, line.on_time, line.on_time_share) == (1, 0, 0.0)


def test_a_head_sees_his_department_only_and_others_nothing(office):
    make_case(office)
    other = make_office(code="other-item", department="区住建局", catalog_code="000123009001")
    make_case(other)
    head = officer("dept_head", department=office.department)
    assert set(now_figures(head)) == {office.department.pk}
    for role in ("clerk", "reviewer", "operator"):
        with pytest.raises(NotAllowed):
            now_figures(officer(role, department=office.department))


def test_another_divisions_supervisor_sees_nothing(office, supervisor):
    make_case(office)
    elsewhere = type(supervisor)(**{**supervisor.__dict__, "division": "510100000000"})
    assert now_figures(elsewhere) == {}


def test_a_lamp_is_withdrawn_once_and_still_counted(office, supervisor):
    case = light(make_case(office))
    taken = withdraw_lamp(actor=supervisor, case_id=case.pk, reason=REASON)
    assert (taken.lamp, taken.department_id) == ("red", office.department.pk)
    line = now_figures(supervisor)[office.department.pk]
    assert (line.lamps["red"], line.withdrawn["red"]) == (1, 1)
    assert Fact.objects.get(name="supervision.lamp_withdrawn").data["reason"] == REASON
    with pytest.raises(WithdrawalRefused) as refusal:
        withdraw_lamp(actor=supervisor, case_id=case.pk, reason="再撤")
    codes = [reason.code for reason in refusal.value.reasons]
    assert codes == ["supervision.reason_too_short", "supervision.withdrawn_before"]


def test_only_a_supervisor_withdraws(office):
    case = light(make_case(office))
    for role in ("dept_head", "clerk", "approver"):
        with pytest.raises(NotAllowed):
            withdraw_lamp(actor=officer(role, department=office.department), case_id=case.pk, reason=REASON)
    with pytest.raises(NotFound):
        withdraw_lamp(actor=officer("hall_manager", department=office.department), case_id=case.pk, reason=REASON)


def test_the_pages_lead_down_to_the_case(client, office, supervisor, django_assert_max_num_queries):
    case = light(make_case(office))
    close_one(office)
    sign_in(client, supervisor)
    client.get("/console/supervision/")
    with django_assert_max_num_queries(24):
        page = client.get("/console/supervision/").content.decode()
    assert f"/console/supervision/departments/{office.department.pk}/" in page
    assert "100%" in page
    below = client.get(f"/console/supervision/departments/{office.department.pk}/").content.decode()
    assert f"/console/cases/{case.pk}/" in below
    assert client.get(f"/console/cases/{case.pk}/").status_code == 200
    drilled = client.get(f"/console/cases/?department={office.department.pk}&overdue=1").content.decode()
    assert case.project_no in drilled
    assert client.get("/console/supervision/?since=x&until=2999-01-01").status_code == 200


def test_withdrawing_in_the_browser(client, office, supervisor):
    case = light(make_case(office))
    sign_in(client, supervisor)
    assert f"{case.pk}/withdraw/" in client.get("/console/supervision/lamps/").content.decode()
    refused = client.post(f"/console/supervision/lamps/{case.pk}/withdraw/", {"reason": "太短"})
    assert refused.status_code == 422
    assert "太短" in refused.content.decode()
    client.post(f"/console/supervision/lamps/{case.pk}/withdraw/", {"reason": REASON})
    assert REASON in client.get("/console/supervision/lamps/?lamp=withdrawn").content.decode()
    assert f"{case.pk}/withdraw/" not in client.get("/console/supervision/lamps/?lamp=red").content.decode()


def test_a_hall_manager_sees_figures_and_no_case(client, office):
    case = light(make_case(office))
    sign_in(client, officer("hall_manager", department=office.department))
    for address in (f"/console/supervision/departments/{office.department.pk}/", "/console/supervision/lamps/"):
        page = client.get(address).content.decode()
        assert str(case.pk) not in page
        assert case.project_no not in page
    assert client.get(f"/console/supervision/lamps/{case.pk}/withdraw/").status_code == 403


def test_another_departments_figures_are_not_there(client, office):
    address = f"/console/supervision/departments/{office.department.pk}/"
    sign_in(client, officer("dept_head", department=office.department))
    assert client.get(address).status_code == 200
    sign_in(client, officer("dept_head"))
    assert client.get(address).status_code == 404


def test_who_may_not_enter(client, office):
    sign_in(client, office.clerk)
    assert client.get("/console/supervision/").status_code == 403


def test_the_export_is_recorded(client, office, supervisor):
    light(make_case(office))
    sign_in(client, supervisor)
    answer = client.post("/console/supervision/export/")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[1][1:4] == (1, 1, 0)
    assert Fact.objects.filter(name="supervision.exported").count() == 1
