"""A clerk receives somebody at his counter and writes for him: with his word, in his draft, until somebody ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tongban.data.registries.tests.factories import LIHUA, TEAHOUSE, registers
from tongban.foundation.audit.models import Fact
from tongban.foundation.audit.queries import looks_at
from tongban.foundation.files.actions import store
from tongban.foundation.files.errors import NoSuchFile
from tongban.foundation.files.queries import file_for
from tongban.foundation.files.tests.samples import picture
from tongban.foundation.identity.actions import grant_mandate, register_person
from tongban.foundation.identity.models import Company, Person
from tongban.foundation.identity.tests.factories import (
    citizen,
    company_actor,
    id_number,
    make_account,
    make_company,
    make_person,
    officer,
    uscc,
)
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.notifications.models import Message
from tongban.services.cases.actions import (
    attach_to_draft,
    begin_at_counter,
    end_help,
    fill_at_counter,
    help_with_draft,
    receive_visitor,
    save_draft,
    submit,
)
from tongban.services.cases.errors import CaseRefused, DraftMoved, ItemClosed
from tongban.services.cases.models import Case, Help, Visit
from tongban.services.cases.queries import draft_for, drafts_of_visitor, earlier_files, helpers_of, my_drafts, timeline
from tongban.services.items.actions.standing import suspend_item
from tongban.services.items.tests.factories import MANAGER

from .factories import ANSWERS, Office, make_case, make_draft, make_office
from .visitors import visited

pytestmark = pytest.mark.django_db

WITH_REGISTERS = {
    "title": "申请表",
    "groups": [
        {
            "key": "who",
            "title": "申请人",
            "fields": [
                {"key": "name", "label": "姓名", "type": "text", "required": True, "element": "person.name"},
                {"key": "born", "label": "出生日期", "type": "date", "element": "person.birth_on"},
                {"key": "shop", "label": "字号", "type": "text"},
            ],
        }
    ],
}


@pytest.fixture
def office() -> Office:
    return make_office()


def codes(refusal: pytest.ExceptionInfo[CaseRefused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# Who stands there.


def test_nobody_is_looked_up_without_his_word_and_everything_wrong_is_said_at_once(office: Office) -> None:
    with pytest.raises(CaseRefused) as refusal:
        receive_visitor(actor=office.clerk, id_number="511602199003071234", uscc="9", present=False)
    assert codes(refusal) == ["cases.visitor_number", "cases.visitor_uscc", "cases.not_present"]
    assert not Fact.objects.filter(name="cases.visitor_received").exists()


def test_a_visit_is_a_fact_with_its_purpose_that_the_visitor_can_read(office: Office) -> None:
    person = make_person()
    visit = visited(office.clerk, person)
    fact = Fact.objects.get(name="cases.visitor_received")
    assert (fact.person_id, fact.data["purpose"], fact.data["agreed"]) == (person.pk, "cases.counter", True)
    drafts_of_visitor(office.clerk, visit)
    assert [look.purpose for look in looks_at(citizen(person))] == ["cases.counter"]


def test_somebody_without_an_account_is_entered_and_finds_everything_when_he_registers(office: Office) -> None:
    number = id_number()
    with pytest.raises(CaseRefused) as refusal:
        receive_visitor(actor=office.clerk, id_number=number, present=True)
    assert codes(refusal) == ["cases.visitor_unknown"]
    visit = receive_visitor(actor=office.clerk, id_number=number, name="赵国强", phone="13800138000", present=True)
    assert Person.objects.get(pk=visit.person_id).account_id is None
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    person = register_person(account=make_account(), name="赵国强", id_number=number, phone="13800138000")
    assert [one.pk for one in my_drafts(citizen(person))] == [draft.pk]


def test_the_register_knows_the_name_and_that_look_is_a_fact(office: Office) -> None:
    registers()
    visit = receive_visitor(actor=office.clerk, id_number=LIHUA["id_number"], present=True)
    assert Person.objects.get(pk=visit.person_id).name == "李华"
    look = Fact.objects.get(name="registries.looked")
    assert look.data["purpose"] == "cases.counter"
    assert str(visit.pk) in look.data["case_no"]


def test_a_name_that_the_card_does_not_show_is_refused(office: Office) -> None:
    person = make_person(name="李华")
    with pytest.raises(CaseRefused) as refusal:
        receive_visitor(actor=office.clerk, id_number=person.id_number, name="李花", present=True)
    assert codes(refusal) == ["name_differs"]


def test_who_may_receive(office: Office) -> None:
    person = make_person()
    for actor in (office.reviewer, citizen()):
        with pytest.raises(NotAllowed):
            receive_visitor(actor=actor, id_number=person.id_number, present=True)
    clerk_himself = make_person(account=make_account())
    Person.objects.filter(pk=clerk_himself.pk).update(account=office.clerk.account_id)
    with pytest.raises(NotAllowed):
        receive_visitor(actor=office.clerk, id_number=clerk_himself.id_number, present=True)


# For a company.


def test_a_company_comes_through_somebody_with_a_mandate(office: Office) -> None:
    company = make_company()
    legal_person, stranger = company.legal_person, make_person(name="孙丽")
    assert visited(office.clerk, legal_person, company).company_id == company.pk
    with pytest.raises(CaseRefused) as refusal:
        visited(office.clerk, stranger, company)
    assert codes(refusal) == ["cases.visitor_mandate"]
    by_paper = visited(office.clerk, stranger, company, by_paper=True)
    assert (by_paper.by_paper, by_paper.applicant_id) == (True, company.pk)


def test_a_mandate_reaches_no_further_than_it_says(office: Office) -> None:
    company, handler = make_company(), make_person(name="孙丽")
    grant_mandate(
        actor=company_actor(company), company_id=company.pk, name="孙丽", id_number=handler.id_number,
        items=["another-item"], until_on=today() + timedelta(days=9),
    )  # fmt: skip
    visit = visited(office.clerk, handler, company)
    with pytest.raises(CaseRefused) as refusal:
        begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    assert codes(refusal) == ["cases.mandate_item"]


def test_a_company_the_city_does_not_know_yet(office: Office) -> None:
    registers()
    lihua = make_person(name="李华", id_number=LIHUA["id_number"])
    visit = receive_visitor(actor=office.clerk, id_number=lihua.id_number, uscc=TEAHOUSE["uscc"], present=True)
    company = Company.objects.get(pk=visit.company_id)
    assert (company.name, company.legal_person_id, visit.by_paper) == (TEAHOUSE["name"], lihua.pk, False)

    unknown = {"actor": office.clerk, "id_number": lihua.id_number, "uscc": uscc(), "present": True}
    with pytest.raises(CaseRefused) as refusal:
        receive_visitor(**unknown)
    assert codes(refusal) == ["cases.visitor_company_unknown"]
    with pytest.raises(CaseRefused) as refusal:
        receive_visitor(**unknown, company_name="翠屏餐饮店")
    assert codes(refusal) == ["cases.visitor_mandate"]
    assert not Company.objects.filter(name="翠屏餐饮店").exists()


def test_the_case_of_a_company_tells_whoever_stood_there(office: Office) -> None:
    company, handler = make_company(), make_person(name="孙丽", phone="13900000009")
    visit = visited(office.clerk, handler, company, by_paper=True)
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    finish(office, draft.pk)
    case = Case.objects.get(pk=submit(actor=office.clerk, draft_id=draft.pk).case_id)
    assert (case.applicant_id, case.applicant_person_id) == (company.pk, handler.pk)
    assert (case.applicant_number, case.contact_phone) == (company.uscc, "13900000009")


def finish(office: Office, draft_id: object) -> None:
    """Everything that was still missing."""
    save_draft(actor=office.clerk, draft_id=draft_id, situation={"venue": "hotel"}, answers=ANSWERS)  # type: ignore[arg-type]
    attach_to_draft(actor=office.clerk, draft_id=draft_id, key="plan", way="1", copies=2)  # type: ignore[arg-type]
    attach_to_draft(actor=office.clerk, draft_id=draft_id, key="identity", way="7", waive_mode="1")  # type: ignore[arg-type]


# Let into a draft.


def test_only_drafts_of_this_visitor_and_this_department(office: Office) -> None:
    person = make_person()
    own, other = make_draft(office, citizen(person)), make_draft(office)
    elsewhere = make_office(code="other-item", catalog_code="000123009001", department="区公安分局")
    foreign = make_draft(elsewhere, citizen(person))
    visit = visited(office.clerk, person)
    assert [draft.pk for draft in drafts_of_visitor(office.clerk, visit)] == [own.pk]
    assert drafts_of_visitor(elsewhere.clerk, visit) == []
    with pytest.raises(NotFound):
        help_with_draft(actor=office.clerk, visit_id=visit.pk, draft_id=other.pk)
    with pytest.raises(NotAllowed):
        help_with_draft(actor=office.clerk, visit_id=visit.pk, draft_id=foreign.pk)
    with pytest.raises(NotFound):  # another clerk's visit
        help_with_draft(actor=officer("clerk", department=office.department), visit_id=visit.pk, draft_id=own.pk)


def test_a_clerk_goes_on_where_the_applicant_left_off_and_the_applicant_is_told(office: Office) -> None:
    person = make_person()
    draft = make_draft(office, citizen(person))
    with pytest.raises(NotFound):
        draft_for(office.clerk, draft.pk)
    help_with_draft(actor=office.clerk, visit_id=visited(office.clerk, person).pk, draft_id=draft.pk)
    assert save_draft(actor=office.clerk, draft_id=draft.pk, answers={"name": "新名"}).answers == {"name": "新名"}
    fact = Fact.objects.get(name="cases.draft_helped")
    assert (fact.person_id, fact.data["purpose"]) == (person.pk, "cases.counter")
    assert Message.objects.get(recipient_id=person.pk).title.startswith("窗口在帮您填写")
    assert helpers_of([draft.pk])[draft.pk].name == "周丽"


def test_the_applicant_takes_it_back(office: Office, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    person = make_person()
    applicant = citizen(person)
    draft = make_draft(office, applicant)
    mine = store(actor=applicant, upload=picture(), name="plan.png")
    attach_to_draft(actor=applicant, draft_id=draft.pk, key="plan", file_id=mine.pk)
    with pytest.raises(NoSuchFile):
        file_for(office.clerk, mine.pk)
    help_with_draft(actor=office.clerk, visit_id=visited(office.clerk, person).pk, draft_id=draft.pk)
    file_for(office.clerk, mine.pk)
    end_help(actor=applicant, draft_id=draft.pk)
    assert Help.objects.get().ended_by == "applicant"
    for forbidden in (lambda: draft_for(office.clerk, draft.pk), lambda: file_for(office.clerk, mine.pk)):
        with pytest.raises((NotFound, NoSuchFile)):
            forbidden()
    with pytest.raises(NotFound):
        submit(actor=office.clerk, draft_id=draft.pk)
    with pytest.raises(NotFound):
        end_help(actor=citizen(), draft_id=draft.pk)
    assert end_help(actor=applicant, draft_id=draft.pk).pk == draft.pk  # nothing to end is no fault


def test_two_hours_and_no_longer(office: Office) -> None:
    person = make_person()
    draft = make_draft(office, citizen(person))
    visit = visited(office.clerk, person)
    help_with_draft(actor=office.clerk, visit_id=visit.pk, draft_id=draft.pk)
    Visit.objects.update(until=visit.began_at - timedelta(seconds=1))
    with pytest.raises(NotFound):
        save_draft(actor=office.clerk, draft_id=draft.pk, answers={})
    again = visited(office.clerk, person)
    help_with_draft(actor=office.clerk, visit_id=again.pk, draft_id=draft.pk)
    assert draft_for(office.clerk, draft.pk)


def test_one_clerk_at_a_time(office: Office) -> None:
    person, colleague = make_person(), officer("clerk", department=office.department)
    draft = make_draft(office, citizen(person))
    first = visited(office.clerk, person)
    for _again in range(2):
        help_with_draft(actor=office.clerk, visit_id=first.pk, draft_id=draft.pk)
    assert Help.objects.count() == 1
    help_with_draft(actor=colleague, visit_id=visited(colleague, person).pk, draft_id=draft.pk)
    assert list(Help.objects.order_by("id").values_list("ended_by", flat=True)) == ["colleague", ""]
    with pytest.raises(NotFound):
        save_draft(actor=office.clerk, draft_id=draft.pk, answers={})
    assert draft_for(colleague, draft.pk)


def test_what_the_applicant_saved_meanwhile_is_not_undone(office: Office) -> None:
    person = make_person()
    applicant = citizen(person)
    draft = make_draft(office, applicant)
    help_with_draft(actor=office.clerk, visit_id=visited(office.clerk, person).pk, draft_id=draft.pk)
    save_draft(actor=applicant, draft_id=draft.pk, answers={"name": "手机上改的"})
    with pytest.raises(DraftMoved):
        save_draft(actor=office.clerk, draft_id=draft.pk, answers={"name": "窗口"}, revision=draft.revision)


# Begun at the counter.


def test_what_the_city_knows_is_filled_in_and_what_was_typed_stays() -> None:
    registers()
    office = make_office(form=WITH_REGISTERS)
    lihua = make_person(name="李华", id_number=LIHUA["id_number"])
    case_of_before = make_case(office, citizen(lihua), answers={"name": "李华", "shop": "清渠"})
    visit = visited(office.clerk, lihua)
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    assert draft.answers == {}  # nothing before the situation is known
    save_draft(actor=office.clerk, draft_id=draft.pk, situation={"venue": "hotel"}, answers={"name": "李 华"})
    filled = fill_at_counter(actor=office.clerk, draft_id=draft.pk)
    assert filled.answers == {"name": "李 华", "born": "1990-03-07", "shop": "清渠"}
    assert case_of_before.project_no in filled.sources["shop"]["source"]
    look = Fact.objects.get(name="registries.looked")
    assert (look.person_id, look.data["own"]) == (lihua.pk, False)
    assert str(draft.pk) in look.data["case_no"]


def test_another_departments_item_is_not_begun(office: Office) -> None:
    other = make_office(code="other-item", catalog_code="000123009001", department="区公安分局")
    visit = visited(office.clerk, make_person())
    with pytest.raises(NotAllowed):
        begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="other-item")
    assert other.clerk.department_id != office.clerk.department_id


def test_an_item_for_companies_is_not_begun_for_a_person() -> None:
    office = make_office(applicants=["company"], server_type=["2"], topics={"company": ["准营准办"]})
    visit = visited(office.clerk, make_person())
    with pytest.raises(CaseRefused) as refusal:
        begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    assert codes(refusal) == ["cases.applicant_kind"]


def test_one_case_however_often_and_its_time_line_says_who_helped(office: Office) -> None:
    person, colleague = make_person(), officer("clerk", department=office.department)
    visit = visited(office.clerk, person)
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    finish(office, draft.pk)
    help_with_draft(actor=colleague, visit_id=visited(colleague, person).pk, draft_id=draft.pk)
    first, again = (submit(actor=colleague, draft_id=draft.pk) for _ in range(2))
    assert first.case_id == again.case_id
    case = Case.objects.get()
    assert (case.channel, case.applicant_id) == ("counter", person.pk)
    assert sorted(case.materials.values_list("key", "way", "copies")) == [("identity", "7", 1), ("plan", "1", 2)]
    told = timeline(citizen(person), case.pk)
    assert [event.verb for event in told][:3] == ["help", "help", "submit"]
    assert "周丽" in told[0].who
    assert [one.ended_by for one in Help.objects.order_by("id")] == ["colleague", "submitted"]


def test_an_applicant_helped_at_the_counter_submits_at_home(office: Office) -> None:
    person = make_person()
    applicant = citizen(person)
    draft = make_draft(office, applicant)
    help_with_draft(actor=office.clerk, visit_id=visited(office.clerk, person).pk, draft_id=draft.pk)
    submit(actor=applicant, draft_id=draft.pk)
    case = Case.objects.get()
    assert case.channel == "online"
    assert [event.verb for event in timeline(applicant, case.pk)][:2] == ["help", "submit"]


def test_an_item_suspended_meanwhile_keeps_everything(office: Office) -> None:
    visit = visited(office.clerk, make_person())
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    finish(office, draft.pk)
    suspend_item(actor=MANAGER, code="venue-permit", reason="窗口改造")
    with pytest.raises(ItemClosed):
        submit(actor=office.clerk, draft_id=draft.pk)
    assert draft_for(office.clerk, draft.pk).answers == ANSWERS


def test_a_file_of_an_earlier_case_is_the_applicants_and_nobody_elses(office: Office, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    elsewhere = make_office(code="other-item", catalog_code="000123009001", department="区公安分局")
    person = make_person()
    applicant, stranger = citizen(person), citizen()
    mine, his = (store(actor=who, upload=picture(), name="plan.png") for who in (applicant, stranger))
    for who, file in ((applicant, mine), (stranger, his)):
        handed_in = {"plan": [{"way": "2", "file_id": str(file.pk)}], "identity": [{"way": "7", "waive_mode": "1"}]}
        make_case(elsewhere, who, materials=handed_in)
    visit = visited(office.clerk, person)
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    assert earlier_files(office.clerk, ["平面图"]) == {}
    offered = earlier_files(office.clerk, ["平面图"], draft)
    assert [one["file_id"] for one in offered["平面图"]] == [str(mine.pk)]
    where = {"actor": office.clerk, "draft_id": draft.pk, "key": "plan", "way": "6"}
    with pytest.raises(CaseRefused):
        attach_to_draft(**where, file_id=his.pk)
    attach_to_draft(**where, file_id=mine.pk)
    assert file_for(office.clerk, mine.pk)
