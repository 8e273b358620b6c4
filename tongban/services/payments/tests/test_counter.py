"""A fee paid at the counter: by the department's clerk alone, once, with a receipt."""

import pytest
from django.urls import reverse

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.services.payments.actions import end_bill, pay_back_at_counter, take_at_counter
from tongban.services.payments.errors import NotPayable, ReceiptMissing
from tongban.services.payments.models import Bill, Refund
from tongban.services.payments.queries import refunds_waiting
from tongban.services.payments.tests.factories import make_bill, refund_at_counter

pytestmark = pytest.mark.django_db


def test_the_clerk_notes_a_payment_once_and_it_is_told() -> None:
    clerk = officer("clerk")
    bill = make_bill(citizen(), department_id=clerk.department_id)
    payment = take_at_counter(actor=clerk, bill_id=bill.pk, receipt_no=" 51160226000123 ")
    bill.refresh_from_db()
    assert (bill.state, payment.channel_no, payment.amount_fen) == (Bill.State.PAID, "51160226000123", 3050)
    with pytest.raises(NotPayable):
        take_at_counter(actor=clerk, bill_id=bill.pk, receipt_no="51160226000124")


def test_without_a_receipt_nothing_is_noted() -> None:
    clerk = officer("clerk")
    bill = make_bill(citizen(), department_id=clerk.department_id)
    with pytest.raises(ReceiptMissing):
        take_at_counter(actor=clerk, bill_id=bill.pk, receipt_no=" 1 ")
    assert not bill.payments.exists()


def test_another_departments_clerk_does_not_even_see_it() -> None:
    bill = make_bill(citizen(), department_id=officer("clerk").department_id)
    with pytest.raises(NotFound):
        take_at_counter(actor=officer("clerk"), bill_id=bill.pk, receipt_no="51160226000123")


def test_what_was_paid_at_the_counter_waits_for_the_treasury_to_give_it_back() -> None:
    clerk = officer("clerk")
    bill = make_bill(citizen(), department_id=clerk.department_id)
    take_at_counter(actor=clerk, bill_id=bill.pk, receipt_no="51160226000123")
    end_bill(actor=clerk, case_id=bill.case_id, result="withdrawn")
    assert Refund.objects.get(payment__bill=bill).state == Refund.State.REQUESTED


def test_the_page_keeps_what_was_typed_and_leads_back_to_the_case(client) -> None:
    clerk = officer("clerk")
    sign_in(client, clerk)
    bill = make_bill(citizen(), department_id=clerk.department_id)
    page = reverse("console-bill", args=[bill.pk])
    assert client.get(page).status_code == 200
    refused = client.post(page, {"receipt_no": "1"})
    assert refused.status_code == 422
    assert "请填写收据编号" in refused.content.decode()
    assert client.post(page, {"receipt_no": "51160226000123"}).url == reverse("console-case", args=[bill.case_id])


def test_the_cashier_notes_what_went_back_once_and_the_bill_is_refunded() -> None:
    clerk, payer = officer("clerk"), citizen()
    refund = refund_at_counter(clerk, payer)
    assert [row.pk for row in refunds_waiting(clerk)] == [refund.pk]
    for number in (" 退2026-0007 ", "another"):
        done = pay_back_at_counter(actor=clerk, refund_id=refund.pk, receipt_no=number)
    assert (done.state, done.channel_no) == (Refund.State.DONE, "退2026-0007")
    assert Bill.objects.get(pk=refund.payment.bill_id).state == Bill.State.REFUNDED
    assert list(refunds_waiting(clerk)) == []
    fact = Fact.objects.get(name="payments.refunded")
    assert (fact.actor_id, fact.data) == (clerk.account_id, {"amount_fen": refund.amount_fen})


def test_without_the_treasurys_paper_nothing_went_back() -> None:
    clerk = officer("clerk")
    refund = refund_at_counter(clerk)
    with pytest.raises(ReceiptMissing):
        pay_back_at_counter(actor=clerk, refund_id=refund.pk, receipt_no=" 1 ")
    refund.refresh_from_db()
    assert refund.state == Refund.State.REQUESTED


def test_nobody_but_the_departments_clerk_gives_back() -> None:
    refund = refund_at_counter(officer("clerk"))
    with pytest.raises(NotFound):
        pay_back_at_counter(actor=officer("clerk"), refund_id=refund.pk, receipt_no="退2026-0007")
    for actor in (officer("approver"), citizen()):
        with pytest.raises(NotAllowed):
            pay_back_at_counter(actor=actor, refund_id=refund.pk, receipt_no="退2026-0007")


def test_what_was_paid_online_is_not_in_the_cashiers_list() -> None:
    clerk = officer("clerk")
    refund = refund_at_counter(clerk)
    refund.payment.channel = "pretend-bank"
    refund.payment.save()
    assert list(refunds_waiting(clerk)) == []
    with pytest.raises(NotFound):
        pay_back_at_counter(actor=clerk, refund_id=refund.pk, receipt_no="退2026-0007")


def test_the_list_of_refunds_shows_what_is_wrong_beside_its_line_and_then_one_line_less(client) -> None:
    clerk = officer("clerk")
    sign_in(client, clerk)
    first, second = refund_at_counter(clerk, task_name="甲许可"), refund_at_counter(clerk, task_name="乙许可")
    page = client.get("/console/refunds/").content.decode()
    assert "¥30.50 · 甲许可" in page
    address = reverse("console-refund", args=[first.pk])
    refused = client.post(address, {f"receipt-{first.pk}": "1"})
    assert refused.status_code == 422
    assert f'id="f-receipt-{first.pk}-error"' in refused.content.decode()
    assert f'id="f-receipt-{second.pk}-error"' not in refused.content.decode()
    client.post(address, {f"receipt-{first.pk}": "退2026-0007"})
    page = client.get("/console/refunds/").content.decode()
    assert "甲许可" not in page
    assert "乙许可" in page
