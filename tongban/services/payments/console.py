"""The department's cashier: taking a fee at the counter (窗口缴费), and giving back by hand what was taken there (退费)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience

from .actions import pay_back_at_counter, take_at_counter
from .queries import bill_for, refunds_waiting

MOST_SHOWN = 100


@audience(STAFF, "cases.receive")
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest, bill_id: UUID) -> HttpResponse:
    """What is owed and for what; the clerk notes the number of the receipt he handed over."""
    bill, error = bill_for(request.actor, bill_id), None
    receipt_no = request.POST.get("receipt_no", "")
    if request.method == "POST":
        try:
            take_at_counter(actor=request.actor, bill_id=bill_id, receipt_no=receipt_no)
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("已记下缴费。"))
            return redirect("console-case", bill.case_id)
    context = {"bill": bill, "error": error, "receipt_no": receipt_no}
    return render(request, "payments/counter.html", context, status=error.status if error else 200)


@audience(STAFF, "cases.receive")
@require_safe
def refunds(request: HttpRequest) -> HttpResponse:
    """What the department must give back by hand."""
    return _refunds(request)


def _refunds(
    request: HttpRequest, error: Refused | None = None, typed: str = "", about: UUID | None = None
) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {
            "refund": refund,
            "bill": refund.payment.bill,
            "paper": refund.payment.channel_no,
            "field": f"receipt-{refund.pk}",
        }
        for refund in refunds_waiting(request.actor)[:MOST_SHOWN]
    ]
    for row in rows:
        row["typed"] = typed if row["refund"].pk == about else ""
        row["errors"] = error.fields.get(row["field"], []) if error else []
    context = {"rows": rows, "error": error, "most": MOST_SHOWN}
    return render(request, "payments/refunds.html", context, status=error.status if error else 200)


@audience(STAFF, "cases.receive")
@require_POST
def paid_back(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    receipt_no = request.POST.get(f"receipt-{refund_id}", "")
    try:
        pay_back_at_counter(actor=request.actor, refund_id=refund_id, receipt_no=receipt_no)
    except Refused as refusal:
        return _refunds(request, refusal, receipt_no, refund_id)
    messages.success(request, _("已记下退费，缴款人会收到通知。"))
    return redirect("console-refunds")


urlpatterns = [
    path("console/bills/<uuid:bill_id>/", counter, name="console-bill"),
    path("console/refunds/", refunds, name="console-refunds"),
    path("console/refunds/<uuid:refund_id>/", paid_back, name="console-refund"),
]
