"""Paying a bill `/my/bills/<id>/`, the channels' callback, and the cashier of the pretend bank."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import CITIZEN, PUBLIC, audience

from .actions import settle, start_payment
from .channels import channels
from .channels.pretend_bank import PretendBank
from .errors import NoSuchChannel
from .queries import bill_for, bills_of, payment_of, under_way


@audience(CITIZEN)
@require_safe
def bills(request: HttpRequest) -> HttpResponse:
    page = bills_of(request.actor, cursor=request.GET.get("cursor", ""))
    return render(request, "payments/bills.html", {"page": page})


@audience(CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
def bill(request: HttpRequest, bill_id: UUID) -> HttpResponse:
    if request.method == "POST":
        name = request.POST.get("channel", "")
        back = request.build_absolute_uri(reverse("bill-return", args=[name])) if name in channels() else ""
        notice = request.build_absolute_uri(reverse("payment-notice", args=[name])) if back else ""
        address = start_payment(
            actor=request.actor, bill_id=bill_id, channel_name=name, return_url=back, notify_url=notice
        )
        return redirect(address)
    shown = bill_for(request.actor, bill_id)
    context = {"bill": shown, "channels": channels().values(), "under_way": under_way(shown)}
    return render(request, "payments/bill.html", context)


@audience(CITIZEN)
@require_safe
def returned(request: HttpRequest, channel_name: str) -> HttpResponse:
    """The browser comes back from the bank; what it carries is signed, so it may settle as well as the callback."""
    payment = settle(channel_name=channel_name, message=request.GET.dict())
    if payment.state == "paid":
        messages.success(request, _("缴费成功。"))
    elif payment.state == "extra":
        messages.warning(request, _("这张缴款单此前已缴过，这次多缴的款项会原路退回。"))
    else:
        messages.warning(request, _("没有完成缴费，您没有被扣款，可以再试一次。"))
    return redirect("bill", bill_id=payment.bill_id)


@audience(PUBLIC)
@csrf_exempt  # a bank's machine has no session; its signature is checked instead
@require_POST
def notice(request: HttpRequest, channel_name: str) -> HttpResponse:
    """The channel's own report: 200 `{"received": true}` once it is noted, also when repeated."""
    try:
        settle(channel_name=channel_name, message=request.POST.dict())
    except TongbanError as refusal:
        return JsonResponse({"received": False, "code": refusal.code}, status=refusal.status)
    return JsonResponse({"received": True})


@audience(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def cashier(request: HttpRequest) -> HttpResponse:
    """The pretend bank's page: pay or not. Not there unless the pretend bank is switched on."""
    if PretendBank.name not in channels():
        raise NoSuchChannel
    bank, order = PretendBank(), request.GET.dict()
    bank.must_be_genuine(order)
    if request.method == "POST":
        if paid := request.POST.get("answer") == "pay":
            bank.take(order)
        report = bank.report(order=order, paid=paid)
        settle(channel_name=bank.name, message=report)  # stands for the bank's call to `notify_url`
        return redirect(f"{reverse('bill-return', args=[bank.name])}?{urlencode(report)}")
    context = {"order": order, "amount_fen": int(order["amount_fen"]), "payment": payment_of(order["order_no"])}
    return render(request, "payments/cashier.html", context)


urlpatterns = [
    path("my/bills/", bills, name="my-bills"),
    path("my/bills/<uuid:bill_id>/", bill, name="bill"),
    path("my/bills/return/<slug:channel_name>/", returned, name="bill-return"),
    path("pay/notice/<slug:channel_name>/", notice, name="payment-notice"),
    path("pretend-bank/cashier/", cashier, name="pretend-bank-cashier"),
]
