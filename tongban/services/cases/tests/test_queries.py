"""What each actor sees, in which order, and with how many queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, company_actor, officer, sign_in
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.errors import NotAllowed, NotFound, Refused
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.cases.actions import (
    claim,
    count_open,
    delete_view,
    renew_draft,
    save_draft,
    save_view,
    withdraw,
)
from tongban.services.cases.errors import CaseRefused, DraftMoved
from tongban.services.cases.models import Case
from tongban.services.cases.queries import (
    WorkFilters,
    case_for,
    counts_by_lamp,
    desk_counts,
    draft_for,
    draft_standing,
    earlier_answers,
    export_rows,
    my_cases,
    my_drafts,
    open_counts,
    saved_views,
    timeline,
    what_may_be_done,
    worklist,
)
from tongban.services.cases.queries import figures as figures
from tongban.services.items.tests.factories import MANAGER, a_definition, load_definition

from .factories import ANSWERS, Office, make_accepted, make_case, make_decided, make_draft, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def test_the_worklist_is_in_the_order_of_urgency_and_pages_by_key(office: Office, django_assert_num_queries) -> None:
    cases = [make_case(office) for _ in range(5)]
    for days, case in enumerate(reversed(cases)):
        Case.objects.filter(pk=case.pk).update(urgent_on=f"2026-03-{10 + days}")
    wanted = [case.pk for case in reversed(cases)]
    with django_assert_num_queries(2):
        first = worklist(office.clerk, size=3)
        second = worklist(office.clerk, cursor=first.next, size=3)
    assert [case.pk for case in [*first, *second]] == wanted
    assert worklist(office.clerk, cursor=second.previous, size=3).rows == first.rows


def test_a_list_never_loads_what_is_deciphered(office: Office, django_assert_num_queries) -> None:
    make_case(office)
    row = worklist(office.clerk).rows[0]
    assert {"answers", "applicant_number", "contact_phone"} <= row.get_deferred_fields()


def test_a_department_sees_its_own_and_a_supervisor_those_below_him(office: Office) -> None:
    case = make_case(office)
    assert [c.pk for c in worklist(officer("supervisor", department=make_department("区监察局")))] == [case.pk]
    assert worklist(officer("clerk")).rows == []
    assert worklist(citizen()).rows == []
    assert worklist(ANONYMOUS).rows == []
    with pytest.raises(NotFound):
        case_for(officer("clerk"), case.pk)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"state": "submitted"}, True),
        ({"state": "accepted"}, False),
        ({"lamp": "red"}, False),
        ({"item_code": "venue-permit"}, True),
        ({"channel": "api"}, False),
        ({"assignee": "none"}, True),
        ({"assignee": "me"}, False),
        ({"assignee": "nonsense"}, False),
        ({"text": "李"}, True),
        ({"text": "王"}, False),
        ({"text": "%"}, False),
        ({"closed": True}, False),
        ({"overdue": True}, False),
    ],
    ids=str,
)
def test_each_filter(office: Office, filters: dict, found: bool) -> None:
    make_case(office)
    assert bool(worklist(office.clerk, WorkFilters(**filters)).rows) is found


def test_a_case_is_found_by_its_number_and_by_the_end_of_it(office: Office) -> None:
    case = make_case(office)
    for text in (case.project_no, case.project_no[:20], case.project_no[-12:], f" {case.project_no} "):
        assert [c.pk for c in worklist(office.clerk, WorkFilters(text=text))] == [case.pk]


def test_a_nonsense_cursor_is_refused(office: Office) -> None:
    with pytest.raises(Refused):
        worklist(office.clerk, cursor="nonsense")


def test_an_applicant_sees_his_own_and_in_a_companys_name_the_companys(
    office: Office, django_assert_num_queries
) -> None:
    applicant, company = citizen(), company_actor()
    own, theirs = make_case(office, applicant), make_case(office, company)
    with django_assert_num_queries(1):
        assert [case.pk for case in my_cases(applicant)] == [own.pk]
    assert [case.pk for case in my_cases(company)] == [theirs.pk]
    assert my_cases(applicant, {"open": False}).rows == []
    with pytest.raises(NotFound):
        case_for(applicant, theirs.pk)


def test_an_officers_look_is_written_down_and_ones_own_is_not(office: Office) -> None:
    applicant = citizen()
    case = make_case(office, applicant)
    case_for(applicant, case.pk)
    assert not Fact.objects.filter(name="persons.seen").exists()
    assert case_for(office.clerk, case.pk).answers == ANSWERS
    assert Fact.objects.get(name="persons.seen").person_id == applicant.person_id


def test_the_time_line_says_who_has_it_and_until_when(office: Office, django_assert_num_queries) -> None:
    applicant = citizen()
    case = make_accepted(office, applicant)
    claim(actor=office.reviewer, case_id=case.pk)
    case = case_for(applicant, case.pk)
    with django_assert_num_queries(3):
        events = timeline(applicant, case.pk, case)
    assert [str(event.title) for event in events] == ["提交申请", "受理", "已受理，等待审查"]
    assert events[1].until == case.promise_due_on
    assert events[1].letter_id
    assert events[-1].is_now
    assert (events[-1].until, events[-1].text) == (case.urgent_on, "审查")
    assert "周丽" in events[-1].who
    assert [event.verb for event in timeline(office.clerk, case.pk)] == ["submit", "accept", "claim", ""]


def test_the_buttons_are_what_one_may_do(office: Office) -> None:
    applicant = citizen()
    case = make_case(office, applicant)
    assert what_may_be_done(applicant, case) == ["withdraw", "urge"]
    assert {"receive", "accept", "refuse_acceptance", "ask_correction", "transfer"} <= set(
        what_may_be_done(office.clerk, case)
    )
    assert what_may_be_done(office.reviewer, case) == ["urge"]
    assert what_may_be_done(citizen(), case) == []
    decided = make_decided(office)
    assert "certify" in what_may_be_done(office.clerk, decided)
    assert "deliver" not in what_may_be_done(office.clerk, decided)


def test_lamps_are_counted_by_department(office: Office, django_assert_num_queries) -> None:
    for lamp in ("red", "red", "yellow"):
        Case.objects.filter(pk=make_case(office).pk).update(lamp=lamp)
    withdrawn = citizen()
    withdraw(actor=withdrawn, case_id=make_case(office, withdrawn).pk)
    with django_assert_num_queries(2):
        counts = counts_by_lamp(office.clerk)
    assert counts == {office.department.pk: {"red": 2, "yellow": 1, "warn": 0, "green": 0, "overdue": 0, "total": 3}}
    assert counts_by_lamp(officer("clerk")) == {}


def test_many_are_counted_beforehand_and_come_to_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    supervisor = officer("supervisor")
    for lamp in ("red", "yellow", "yellow"):
        Case.objects.filter(pk=make_case(office).pk).update(lamp=lamp)
    asked: list[Callable[[], Any]] = [
        lambda: counts_by_lamp(office.clerk),
        lambda: desk_counts(office.clerk),
        lambda: sorted(open_counts(supervisor, "supervision.see"), key=str),
    ]
    live = [ask() for ask in asked]
    count_open()
    monkeypatch.setattr(figures, "FEW", 0)
    assert [ask() for ask in asked] == live
    make_case(office)
    assert counts_by_lamp(office.clerk) == live[0], "what was counted a moment ago"
    count_open()
    with django_assert_num_queries(2):
        assert counts_by_lamp(office.clerk)[office.department.pk]["total"] == 4


def test_an_export_is_for_those_who_may_and_holds_no_secrets(office: Office) -> None:
    case = make_case(office)
    rows = list(export_rows(office.clerk))
    assert [row["project_no"] for row in rows] == [case.project_no]
    assert not {"answers", "applicant_number", "contact_phone"} & set(rows[0])
    with pytest.raises(NotAllowed):
        list(export_rows(officer("supervisor")))


def test_a_draft_is_resumed_on_another_device_and_two_do_not_undo_each_other(office: Office) -> None:
    applicant = citizen()
    draft = save_draft(actor=applicant, item_code="venue-permit", answers={"name": "甲"})
    save_draft(actor=applicant, draft_id=draft.pk, answers={"name": "乙"}, revision=1)
    with pytest.raises(DraftMoved):
        save_draft(actor=applicant, draft_id=draft.pk, answers={"name": "丙"}, revision=1)
    assert draft_for(applicant, draft.pk).answers == {"name": "乙"}
    assert [d.pk for d in my_drafts(applicant)] == [draft.pk]


def test_a_submitted_draft_is_not_written_any_more(office: Office) -> None:
    applicant = citizen()
    make_case(office, applicant)
    from tongban.services.cases.models import Draft

    with pytest.raises(CaseRefused):
        save_draft(actor=applicant, draft_id=Draft.objects.get().pk, answers={})
    assert my_drafts(applicant) == []


def test_a_draft_moves_to_the_new_version_with_every_answer(office: Office) -> None:
    applicant = citizen()
    draft = make_draft(office, applicant)
    assert draft_standing(draft) == "current"
    load_definition(MANAGER, a_definition(version=2, summary="新的说明。"), as_new_version=True)
    assert draft_standing(draft) == "changed"
    renewed = renew_draft(actor=applicant, draft_id=draft.pk)
    assert (draft_standing(renewed), renewed.answers) == ("current", ANSWERS)


def test_earlier_answers_are_ones_own(office: Office) -> None:
    applicant = citizen()
    case = make_case(office, applicant)
    assert [(row["project_no"], row["answers"]) for row in earlier_answers(applicant, "venue-permit")] == [
        (case.project_no, ANSWERS)
    ]
    assert earlier_answers(citizen(), "venue-permit") == []


def test_views_are_saved_under_a_name_of_ones_own(office: Office) -> None:
    save_view(actor=office.clerk, name="红牌", filters={"lamp": "red"})
    view = save_view(actor=office.clerk, name="红牌", filters={"lamp": "yellow"})
    assert [(v.name, v.filters) for v in saved_views(office.clerk)] == [("红牌", {"lamp": "yellow"})]
    assert saved_views(office.reviewer) == []
    with pytest.raises(NotFound):
        delete_view(actor=office.reviewer, view_id=view.pk)


def test_the_receipt_names_the_day_the_time_line_names(client):
    """What the office promised, not the later day that the law allows."""
    flow = a_definition()["flow"]
    applicant = citizen()
    case = make_case(make_office(flow={**flow, "accept": {**flow["accept"], "limit_days": 1}}), applicant)
    promised = timeline(applicant, case.pk)[0].until
    assert promised is not None
    assert promised < case.answer_due_on
    receipt = sign_in(client, applicant).get(f"/my/cases/{case.pk}/receipt/").content.decode()
    assert f"{promised.month}月{promised.day}日 前" in receipt
