"""Taking an application in: once, whole, or refused with every reason."""

from __future__ import annotations

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.clocks.models import Clock
from tongban.foundation.identity.tests.factories import citizen, company_actor, id_number, make_person, officer
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.services.cases.actions import Applicant, Application, save_draft, submit
from tongban.services.cases.errors import (
    CaseRefused,
    ItemClosed,
    KeyReused,
    LevelTooLow,
    VersionChanged,
    WrongApplicant,
)
from tongban.services.cases.models import Case, CaseEvent, CaseMaterial, DaySerial, Draft
from tongban.services.items.models import Catalogue, ServiceItem
from tongban.services.items.tests.factories import MANAGER, a_definition, load_definition

from .factories import ANSWERS, MATERIALS, Office, make_case, make_draft, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def system(office: Office) -> Actor:
    return Actor(
        kind="system",
        account_id=office.department.pk,
        department_id=office.department.pk,
        division="511602000000",
        level=4,
        grants={"cases.apply": Scope.DEPARTMENT, "cases.see": Scope.DEPARTMENT},
    )


def application(office: Office, **changes) -> Application:
    fields = {
        "item_code": office.version.content["code"],
        "situation": {"venue": "hotel"},
        "answers": ANSWERS,
        "materials": MATERIALS,
        "applicant": Applicant("person", "李华", id_number(7), "13800000007"),
    }
    return Application(**fields | changes)


def test_a_draft_becomes_a_case_with_everything_that_belongs_to_it(office: Office) -> None:
    applicant = citizen()
    draft = make_draft(office, applicant)
    receipt = submit(actor=applicant, draft_id=draft.pk)
    case = Case.objects.get(pk=receipt.case_id)
    assert (case.state, case.channel, case.is_open) == ("submitted", "online", True)
    assert case.project_no == f"{office.version.item.task_code}{today():%Y%m%d}0001" == receipt.project_no
    assert case.answers == ANSWERS
    assert case.applicant_id == applicant.person_id
    assert [m.key for m in CaseMaterial.objects.filter(case=case).order_by("key")] == ["identity", "plan"]
    clock = Clock.objects.get(subject=f"case:{case.pk}")
    assert (clock.kind, case.urgent_on, case.answer_due_on) == (
        "acceptance",
        clock.promise_due_on,
        clock.statutory_due_on,
    )
    assert CaseEvent.objects.get(case=case).verb == "submit"
    fact = Fact.objects.get(stream=f"case:{case.pk}")
    assert (fact.name, fact.data["draft"]) == ("cases.submitted", str(draft.pk)), (
        "what was looked up for the draft is known"
    )
    assert Draft.objects.get(pk=draft.pk).case_id == case.pk


def test_intake_from_a_system_is_one_statement(office: Office, django_assert_num_queries) -> None:
    sender, person = system(office), make_person(id_number=id_number(7))
    submit(actor=sender, payload=application(office), idempotency_key="warm")
    with django_assert_num_queries(2):  # the savepoint a test adds: the two statements go past the ORM and its log
        receipt = submit(actor=sender, payload=application(office), idempotency_key="one")
    case = Case.objects.get(pk=receipt.case_id)
    assert (case.applicant_id, case.channel, case.project_no[-4:]) == (person.pk, "api", "0002")


def test_nothing_personal_lies_open_in_the_row(office: Office) -> None:
    make_case(office)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select answers, applicant_number, contact_phone from cases_case")
        row = cursor.fetchone()
    assert all(column.startswith("aes.k1.") for column in row)


def test_a_double_click_gives_one_case(office: Office) -> None:
    applicant = citizen()
    draft = make_draft(office, applicant)
    one, other = submit(actor=applicant, draft_id=draft.pk), submit(actor=applicant, draft_id=draft.pk)
    assert (one.case_id, one.project_no) == (other.case_id, other.project_no)
    assert other.is_replay
    assert Case.objects.count() == 1


def test_the_same_key_answers_with_the_same_receipt_even_after_the_item_closed(office: Office) -> None:
    sender = system(office)
    first = submit(actor=sender, payload=application(office), idempotency_key="k1")
    ServiceItem.objects.update(status="suspended")
    Catalogue.objects.update(stamp=99)
    again = submit(actor=sender, payload=application(office), idempotency_key="k1")
    assert again.case_id == first.case_id
    assert again.is_replay
    with pytest.raises(ItemClosed):
        submit(actor=sender, payload=application(office), idempotency_key="k2")


def test_the_same_key_with_another_body_is_told(office: Office) -> None:
    sender = system(office)
    submit(actor=sender, payload=application(office), idempotency_key="k1")
    with pytest.raises(KeyReused):
        submit(actor=sender, payload=application(office, answers={"name": "另一家"}), idempotency_key="k1")
    assert Case.objects.count() == 1


def test_another_sender_may_use_the_same_key(office: Office) -> None:
    submit(actor=system(office), payload=application(office), idempotency_key="k1")
    submit(actor=citizen(), payload=application(office, applicant=None), idempotency_key="k1")
    assert Case.objects.count() == 2


def test_every_reason_is_said_at_once(office: Office) -> None:
    applicant = citizen()
    draft = save_draft(actor=applicant, item_code="venue-permit", situation={}, answers={"colour": "蓝"})
    with pytest.raises(CaseRefused) as refusal:
        submit(actor=applicant, draft_id=draft.pk)
    assert {reason.field for reason in refusal.value.reasons} == {
        "situation.venue", "name", "colour", "materials.plan", "materials.identity",
    }  # fmt: skip
    assert Case.objects.count() == 0
    assert DaySerial.objects.count() == 0


def test_what_the_situation_does_not_ask_for_is_not_asked(office: Office) -> None:
    pool = make_draft(office, citizen())
    pool.situation = {"venue": "pool"}
    pool.save()
    assert submit(actor=Actor_of(pool), draft_id=pool.pk).project_no


def Actor_of(draft: Draft) -> Actor:
    from tongban.foundation.identity.models import Person
    from tongban.foundation.identity.tests.factories import citizen as as_citizen

    return as_citizen(Person.objects.get(pk=draft.applicant_id))


@pytest.mark.parametrize(
    ("materials", "code"),
    [
        ({"plan": [{"way": "4"}]}, "cases.material_may_not_be_promised"),
        ({"identity": [{"way": "7", "waive_mode": "9"}]}, "cases.material_may_not_be_waived"),
        ({"plan": [{"way": "2"}]}, "cases.material_file_missing"),
        ({"plan": [{"way": "x"}]}, "cases.material_way_unknown"),
        ({"plan": []}, "cases.material_missing"),
    ],
)
def test_materials_that_will_not_do(office: Office, materials, code: str) -> None:
    with pytest.raises(CaseRefused) as refusal:
        submit(actor=system(office), payload=application(office, materials=MATERIALS | materials))
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_a_version_that_changed_meanwhile_is_told_and_nothing_is_lost(office: Office) -> None:
    applicant = citizen()
    draft = make_draft(office, applicant)
    load_definition(MANAGER, a_definition(version=2, summary="新的说明。"), as_new_version=True)
    with pytest.raises(VersionChanged):
        submit(actor=applicant, draft_id=draft.pk)
    assert Draft.objects.get(pk=draft.pk).answers == ANSWERS


def test_an_item_withdrawn_meanwhile_keeps_the_draft(office: Office) -> None:
    applicant = citizen()
    draft = make_draft(office, applicant)
    ServiceItem.objects.update(status="suspended")
    Catalogue.objects.update(stamp=99)
    with pytest.raises(ItemClosed):
        submit(actor=applicant, draft_id=draft.pk)
    assert Draft.objects.get(pk=draft.pk).answers == ANSWERS


def test_somebody_elses_draft_is_not_found(office: Office) -> None:
    draft = make_draft(office, citizen())
    with pytest.raises(NotFound):
        submit(actor=citizen(), draft_id=draft.pk)


def test_who_may_not_apply_is_told_before_anything_else() -> None:
    office = make_office(applicants=["company"])
    with pytest.raises(WrongApplicant):
        submit(actor=citizen(), payload=application(office, answers={}))
    assert submit(actor=company_actor(), payload=application(office, applicant=None)).project_no


def test_a_low_level_of_assurance_is_told(office: Office) -> None:
    with pytest.raises(LevelTooLow):
        submit(actor=citizen(make_person(level=1)), payload=application(office))


def test_officers_without_the_right_may_not_apply_for_others(office: Office) -> None:
    with pytest.raises(NotAllowed):
        submit(actor=officer("reviewer", department=office.department), payload=application(office))


def test_a_system_applies_only_at_its_own_department(office: Office) -> None:
    other = make_office(code="other", department="区市监局", catalog_code="000123009001")
    with pytest.raises(WrongApplicant):
        submit(actor=system(office), payload=application(other))


def test_an_unregistered_applicant_is_kept_by_his_number(office: Office) -> None:
    receipt = submit(actor=system(office), payload=application(office))
    case = Case.objects.get(pk=receipt.case_id)
    assert case.applicant_id is None
    assert (case.applicant_name, case.applicant_number) == ("李华", id_number(7))


def test_a_wrong_number_of_the_applicant_is_refused(office: Office) -> None:
    with pytest.raises(CaseRefused) as refusal:
        submit(
            actor=system(office),
            payload=application(office, applicant=Applicant("person", "", "11010519491231002Y", "12")),
        )
    assert [reason.field for reason in refusal.value.reasons] == ["applyer_name", "applyer_page_code", "contact_mobile"]
