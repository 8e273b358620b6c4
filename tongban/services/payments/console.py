"""Taking a fee at the counter (窗口缴费), for whoever does not pay online."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience

from .actions import take_at_counter
from .queries import bill_for


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


urlpatterns = [path("console/bills/<uuid:bill_id>/", counter, name="console-bill")]
