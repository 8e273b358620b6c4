"""A bill is paid once, however often the bank says so, and goes back when the law says so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.notifications.queries import messages_of
from tongban.foundation.tasks.actions import run_waiting
from tongban.services.payments.actions import ask_about_orders, create_bill, end_bill, settle, start_payment
from tongban.services.payments.channels.pretend_bank import PretendBank
from tongban.services.payments.errors import AmountDiffers, BadSignature, BillRefused, NoSuchChannel, NotPayable
from tongban.services.payments.models import Bill, Payment, Refund
from tongban.services.payments.queries import bill_for, bill_of, bills_of

from .factories import make_bill, pay, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    return citizen()


@pytest.fixture
def bill(payer):
    return make_bill(payer)


def begin(payer, bill, channel="pretend-bank"):
    address = start_payment(
        actor=payer, bill_id=bill.id, channel_name=channel, return_url="http://h/r/", notify_url="http://h/n/"
    )
    assert address.startswith("/pretend-bank/cashier/?")
    return bill.payments.order_by("-id").first()


def facts():
    return [name for name in Fact.objects.order_by("id").values_list("name", flat=True) if name.startswith("payments.")]


def test_a_bill_adds_up_its_fees_and_tells_the_payer(payer, bill):
    assert (bill.amount_fen, bill.state, len(bill.payment_code)) == (3050, "due", 20)
    assert "30.50元" in next(iter(messages_of(payer))).body
    assert facts() == ["payments.billed"]


def test_one_bill_a_case_and_none_for_nothing(payer, bill):
    assert make_bill(payer, case_id=bill.case_id).id == bill.id
    assert make_bill(payer, fees=[]) is None
    assert Bill.objects.count() == 1


def test_a_fee_without_basis_is_refused(payer):
    with pytest.raises(BillRefused):
        make_bill(payer, fees=[{"key": "a", "name": "服务费", "amount_fen": 100}])


def test_paying_once(payer, bill):
    payment = pay(begin(payer, bill))
    bill.refresh_from_db()
    assert (payment.state, bill.state, bill.paid_at) == ("paid", "paid", payment.settled_at)
    again = pay(payment)
    assert again.settled_at == payment.settled_at
    assert facts() == ["payments.billed", "payments.started", "payments.paid"]
    with pytest.raises(NotPayable):
        begin(payer, bill)


def test_a_cancelled_attempt_leaves_the_bill_due(payer, bill):
    first = begin(payer, bill)
    assert settle(channel_name="pretend-bank", message=report(first, paid=False)).state == "failed"
    bill.refresh_from_db()
    assert bill.state == "due"
    pay(begin(payer, bill))
    assert Bill.objects.get().state == "paid"


def test_paid_twice_in_two_tabs_the_second_goes_back(payer, bill):
    one, two = begin(payer, bill), begin(payer, bill)
    assert [pay(one).state, pay(two).state] == ["paid", "extra"]
    assert Refund.objects.get().amount_fen == 3050
    run_waiting()
    assert (Refund.objects.get().state, Bill.objects.get().state) == ("done", "paid")


def test_a_forged_or_changed_report_is_refused(payer, bill):
    payment = begin(payer, bill)
    good = report(payment)
    for change in ({"amount_fen": "1"}, {"sign": "0" * 64}, {"time": "1"}):
        with pytest.raises(BadSignature):
            settle(channel_name="pretend-bank", message=good | change)
    with pytest.raises(AmountDiffers):
        settle(channel_name="pretend-bank", message=report(payment, amount_fen="1"))
    with pytest.raises(NoSuchChannel):
        settle(channel_name="elsewhere", message=good)
    assert Bill.objects.get().state == "due"


def test_refusal_gives_back_what_was_not_used(payer, bill):
    pay(begin(payer, bill))
    assert end_bill(actor=payer, case_id=bill.case_id, result="refused").state == "refunding"
    run_waiting()
    refund = Refund.objects.get()
    assert (refund.amount_fen, refund.state, Bill.objects.get().state) == (1000, "done", "refunded")
    assert "10.00元" in next(iter(messages_of(payer))).body
    end_bill(actor=payer, case_id=bill.case_id, result="refused")
    assert Refund.objects.count() == 1


def test_a_grant_keeps_the_money_and_an_unpaid_bill_is_cancelled(payer, bill):
    other = make_bill(payer)
    pay(begin(payer, bill))
    assert end_bill(actor=payer, case_id=bill.case_id, result="granted").state == "paid"
    assert end_bill(actor=payer, case_id=other.case_id, result="withdrawn").state == "cancelled"
    assert end_bill(actor=payer, case_id=payer.person_id, result="withdrawn") is None


def test_money_on_its_way_when_the_case_ends_is_given_back(payer, bill):
    payment = begin(payer, bill)
    end_bill(actor=payer, case_id=bill.case_id, result="withdrawn")
    assert pay(payment).state == "extra"
    assert Refund.objects.get().reason == "extra"


def test_nobody_pays_or_sees_somebody_elses_bill(payer, bill):
    stranger = citizen()
    with pytest.raises(NotFound):
        begin(stranger, bill)
    assert bills_of(stranger).rows == []
    assert [b.id for b in bills_of(payer)] == [bill.id]
    assert bill_of(bill.case_id).id == bill.id


def test_staff_of_the_department_see_it_and_cannot_pay_it(payer):
    clerk = officer("clerk")
    bill = make_bill(payer, department_id=clerk.department_id)
    assert bill_for(clerk, bill.id).id == bill.id
    with pytest.raises((NotAllowed, NotPayable)):
        begin(clerk, bill)


def test_the_database_keeps_one_success_a_bill(payer, bill):
    pay(begin(payer, bill))
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            bill=bill, channel="x", order_no="x", amount_fen=1, state="paid", started_at=bill.made_at
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.filter(id=bill.id).update(amount_fen=0)


def test_billing_is_cheap(payer, django_assert_max_num_queries):
    make_bill(payer)
    with django_assert_max_num_queries(22):
        make_bill(payer)
    assert create_bill.__doc__


def later(payment, minutes):
    Payment.objects.filter(pk=payment.pk).update(started_at=payment.started_at - timedelta(minutes=minutes))


def test_what_the_bank_took_and_nobody_told_is_asked_for(payer, bill):
    payment = begin(payer, bill)
    PretendBank().take({"order_no": payment.order_no, "amount_fen": str(payment.amount_fen)})
    assert ask_about_orders() == 0, "its callback may still be on its way"
    later(payment, 3)
    assert (ask_about_orders(), ask_about_orders()) == (1, 0)
    assert (Bill.objects.get().state, Payment.objects.get().state) == ("paid", "paid")
    assert facts() == ["payments.billed", "payments.started", "payments.paid"]
    assert pay(payment).state == "paid", "the callback that comes after all changes nothing"


def test_an_order_nobody_paid_fails_when_no_cashier_takes_it_any_more(payer, bill):
    payment = begin(payer, bill)
    later(payment, 20)
    assert ask_about_orders() == 0
    later(payment, 31)
    assert ask_about_orders() == 1
    assert (Bill.objects.get().state, Payment.objects.get().state) == ("due", "failed")
    assert pay(payment).state == "paid", "a bank that says later that it was paid is believed"


def test_one_order_that_cannot_be_answered_for_holds_up_no_other(payer, bill, settings):
    gone, odd, good = begin(payer, bill), begin(payer, make_bill(payer)), begin(payer, make_bill(payer))
    Payment.objects.filter(pk=gone.pk).update(channel="gold")
    for payment, amount in ((odd, 1), (good, good.amount_fen)):
        PretendBank().take({"order_no": payment.order_no, "amount_fen": str(amount)})
    for payment in (gone, odd, good):
        later(payment, 40)
    assert ask_about_orders() == 1
    states = dict(Payment.objects.values_list("pk", "state"))
    assert (states[gone.pk], states[odd.pk], states[good.pk]) == ("started", "started", "paid")
