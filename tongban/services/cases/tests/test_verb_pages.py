"""The pages of working together: each is offered to whom it concerns, asks what is needed, and does it."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.cases.actions import add_signer, claim, review
from tongban.services.cases.models import Asking, Case, CaseEvent, Transfer
from tongban.services.cases.queries import last_event

from .factories import Office, make_accepted, make_case, make_office
from .test_working_together import colleague, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def page(client: Client, case: Case, verb: str = "") -> str:
    answer = client.get(f"/console/cases/{case.pk}/" + (f"{verb}/" if verb else ""))
    assert answer.status_code == 200
    return answer.content.decode()


def do(client: Client, case: Case, verb: str, **given: object) -> int:
    return client.post(f"/console/cases/{case.pk}/{verb}/", {"seen": last_event(case), **given}).status_code


def test_a_reviewer_asks_adds_lets_off_and_hands_on(client: Client, office: Office) -> None:
    other = make_department("区住建局")
    officer("clerk", department=other)
    friend, second = colleague(office, "clerk"), colleague(office)
    case = held(office)
    sign_in(client, office.reviewer)
    shown = page(client, case)
    for verb in ("ask_opinions", "add_signer", "reassign", "urge"):
        assert f"/{verb}/" in shown
    assert "/send_back/" not in shown, "there is no stage before the first"
    assert str(friend.account_id) in page(client, case, "ask_opinions")
    assert do(client, case, "ask_opinions", question="", account_ids=[friend.account_id], rule="all") == 409
    assert (
        do(
            client,
            case,
            "ask_opinions",
            question="行吗",
            account_ids=[friend.account_id],
            department_ids=[other.pk],
            rule="all",
        )
        == 302
    )
    assert "还差2方" in page(client, case)
    for _ in range(2):
        step = Asking.objects.get().steps.filter(state="todo").first()
        assert str(step.pk) in page(client, case, "excuse")
        assert do(client, case, "excuse", step_id=step.pk, reasons="休假") == 302
    assert "已到齐" in page(client, case)
    assert do(client, case, "add_signer", account_id="nobody", question="行吗") == 422
    assert str(second.account_id) in page(client, case, "reassign")
    assert str(office.clerk.account_id) not in page(client, case, "reassign")
    assert do(client, case, "reassign", account_id=second.account_id, reasons="回避") == 302
    assert "/take_back/" in page(client, case)
    assert do(client, case, "take_back") == 302
    assert Case.objects.get().holder_account_id == office.reviewer.account_id


def test_who_is_asked_finds_it_and_answers(client: Client, office: Office) -> None:
    friend, case = colleague(office, "clerk"), held(office)
    add_signer(actor=office.reviewer, case_id=case.pk, account_id=friend.account_id, question="请看")
    sign_in(client, friend)
    assert case.project_no in client.get("/console/cases/?asked=1").content.decode()
    assert "/sign/" in page(client, case)
    assert do(client, case, "sign", verdict="agree", opinion="可以") == 302
    sign_in(client, office.clerk)
    assert "/sign/" not in page(client, case)


def test_the_approver_returns_to_a_stage_he_chooses(client: Client, office: Office) -> None:
    case = review(actor=office.reviewer, case_id=make_accepted(office).pk, verdict="agree")
    claim(actor=office.approver, case_id=case.pk)
    sign_in(client, office.approver)
    assert 'value="review"' in page(client, case, "send_back")
    assert do(client, case, "send_back", to="review", reasons="核实面积") == 302
    assert Case.objects.get().stage_key == "review"


def test_a_case_moves_to_the_department_that_has_the_competence(client: Client, office: Office) -> None:
    other = make_department("区住建局")
    clerk, case = officer("clerk", department=other), make_case(office)
    sign_in(client, office.clerk)
    assert "区住建局" in page(client, case, "offer_transfer")
    assert do(client, case, "offer_transfer", department_id=other.pk, reasons="不属于本部门") == 302
    assert "正在商请区住建局" in page(client, case)
    sign_in(client, clerk)
    assert {"take_over", "return_transfer"} <= {
        verb for verb in ("take_over", "return_transfer") if f"/{verb}/" in page(client, case)
    }
    assert do(client, case, "take_over", note="") == 302
    assert Transfer.objects.get().answer == "taken"
    sign_in(client, office.clerk)
    assert case.project_no in client.get("/console/cases/?handed=1").content.decode()
    assert "现在没有需要您办理的" in page(client, case)


def test_the_applicant_urges_once_a_day(client: Client, office: Office) -> None:
    applicant = citizen()
    case = make_accepted(office, applicant)
    sign_in(client, applicant)
    address = f"/my/cases/{case.pk}/"
    assert f"{address}urge/" in client.get(address).content.decode()
    assert client.post(f"{address}urge/").status_code == 302
    assert client.post(f"{address}urge/").status_code == 302
    assert "今天已经催办过" in client.get(address).content.decode()
    assert CaseEvent.objects.filter(verb="urge").count() == 1
    sign_in(client, citizen())
    assert client.post(f"{address}urge/").status_code == 404
