"""A fee paid at the counter: by the department's clerk alone, once, with a receipt."""

import pytest
from django.urls import reverse

from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.kernel.errors import NotFound
from tongban.services.payments.actions import end_bill, take_at_counter
from tongban.services.payments.errors import NotPayable, ReceiptMissing
from tongban.services.payments.models import Bill, Refund
from tongban.services.payments.tests.factories import make_bill

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
