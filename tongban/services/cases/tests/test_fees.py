"""A case and its bill."""

from __future__ import annotations

import pytest

from tongban.foundation.kernel.clock import now
from tongban.services.cases.actions import certify, deliver
from tongban.services.cases.errors import StepRefused
from tongban.services.payments.models import Bill

from .factories import make_decided, make_office

pytestmark = pytest.mark.django_db


def test_a_result_is_not_handed_out_before_the_fee_is_paid() -> None:
    fee = {
        "key": "card",
        "name": "工本费",
        "standard": "每证10元",
        "amount_fen": 1000,
        "basis": "川发改价格〔2018〕1号",
    }
    office = make_office(fees=[fee], pay_online=True)
    case = make_decided(office)
    certify(actor=office.clerk, case_id=case.pk)
    with pytest.raises(StepRefused) as refusal:
        deliver(actor=office.clerk, case_id=case.pk, way="online")
    assert [reason.code for reason in refusal.value.reasons] == ["cases.unpaid"]
    Bill.objects.filter(case_id=case.pk).update(state="paid", paid_at=now())
    assert deliver(actor=office.clerk, case_id=case.pk, way="online").state == "closed"
