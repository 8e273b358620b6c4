"""Paying in the browser, from the bill over the pretend bank and back."""

import pytest

from tongban.foundation.identity.tests.factories import citizen, sign_in
from tongban.services.payments.models import Bill, Payment

from .factories import make_bill, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(client):
    someone = citizen()
    sign_in(client, someone)
    return someone


def go_to_bank(client, bill):
    return client.post(f"/my/bills/{bill.id}/", {"channel": "pretend-bank"}).url


def test_the_whole_way(client, payer):
    bill = make_bill(payer)
    page = client.get(f"/my/bills/{bill.id}/").content.decode()
    assert "¥30.50" in page
    assert "模拟银行" in page
    cashier = go_to_bank(client, bill)
    assert "不会真的扣款" in client.get(cashier).content.decode()
    back = client.post(cashier, {"answer": "pay"}).url
    done = client.get(back, follow=True).content.decode()
    assert "缴费成功" in done
    assert "去缴费" not in done
    assert Bill.objects.get().state == "paid"
    assert "已缴费" in client.get("/my/bills/").content.decode()


def test_a_payer_who_never_came_back_is_told_that_the_bank_is_being_asked(client, payer):
    bill = make_bill(payer)
    assert "银行还没有告知结果" not in client.get(f"/my/bills/{bill.id}/").content.decode()
    go_to_bank(client, bill)
    assert "银行还没有告知结果" in client.get(f"/my/bills/{bill.id}/").content.decode()


def test_turning_back_at_the_bank(client, payer):
    bill = make_bill(payer)
    back = client.post(go_to_bank(client, bill), {"answer": "cancel"}).url
    assert "没有被扣款" in client.get(back, follow=True).content.decode()
    assert Bill.objects.get().state == "due"


def test_an_altered_order_is_refused(client, payer):
    cashier = go_to_bank(client, make_bill(payer))
    assert client.get(cashier.replace("amount_fen=3050", "amount_fen=1")).status_code == 403


def test_the_bank_without_a_browser_reports_as_often_as_it_likes(client, payer):
    go_to_bank(client, make_bill(payer))
    client.logout()
    message = report(Payment.objects.get())
    for _ in range(2):
        answer = client.post("/pay/notice/pretend-bank/", message)
        assert (answer.status_code, answer.json()) == (200, {"received": True})
    refused = client.post("/pay/notice/pretend-bank/", message | {"sign": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "payments.bad_signature")


def test_somebody_elses_bill_and_an_unknown_channel(client, payer):
    assert client.get(f"/my/bills/{make_bill(citizen()).id}/").status_code == 404
    assert client.post(f"/my/bills/{make_bill(payer).id}/", {"channel": "gold"}).status_code == 404


def test_no_pretend_bank_where_it_is_switched_off(client, payer, settings):
    cashier = go_to_bank(client, make_bill(payer))
    settings.PAYMENT_CHANNELS = []
    assert client.get(cashier).status_code == 404


def test_an_empty_list_of_bills(client, payer):
    assert "没有需要缴费的办件" in client.get("/my/bills/").content.decode()
