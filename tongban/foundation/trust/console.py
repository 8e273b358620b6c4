"""证书服务: the system administrator applies, the security administrator decides, suspends and revokes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience

from . import actions, queries
from .errors import CertificateNotFound
from .models import ALGORITHMS, Certificate
from .rules.desk import APPLIED_FOR, REASONS, may_become

SEE, APPLY, DECIDE = "trust.see", "trust.apply", "trust.decide"
TYPED = ("kind", "algorithm", "title", "purpose", "request")
KINDS = {
    "root": gettext_lazy("根证书"),
    "issuing": gettext_lazy("签发证书"),
    "ocsp": gettext_lazy("证书状态查询"),
    "tsa": gettext_lazy("时间戳"),
    "platform": gettext_lazy("平台"),
    "department": gettext_lazy("部门"),
    "seal": gettext_lazy("电子印章"),
    "person": gettext_lazy("个人"),
    "device": gettext_lazy("设备"),
    "software": gettext_lazy("软件系统"),
}
STATES = {"valid": gettext_lazy("有效"), "suspended": gettext_lazy("已暂停"), "revoked": gettext_lazy("已吊销")}
WHY = {
    "key_compromise": gettext_lazy("密钥泄露或可能泄露"),
    "affiliation_changed": gettext_lazy("主体信息变更"),
    "superseded": gettext_lazy("已换发新证书"),
    "cessation_of_operation": gettext_lazy("不再使用"),
    "privilege_withdrawn": gettext_lazy("资格被取消"),
    "certificate_hold": gettext_lazy("暂停"),
}
FORMATS = {"pem": "application/x-pem-file", "der": "application/pkix-cert", "chain": "application/x-pem-file"}


@audience(STAFF, SEE)
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    filters = {name: request.GET.get(name, "") for name in ("text", "kind", "state")}
    page = queries.certificates_listed(request.actor, filters=filters, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "wanted": filters,
        "kinds": KINDS,
        "states": STATES,
        "near": queries.count_near_end(request.actor),
        "near_until": queries.nearly_over(),
        "now": now(),
        "waiting": len(queries.applications_waiting(request.actor)),
        "may_apply": APPLY in request.actor.grants,
    }
    return render(request, "trust/certificates.html", context)


@audience(STAFF, SEE)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    done = request.GET.get("done") == "1"
    page = queries.applications_waiting(request.actor, cursor=request.GET.get("cursor", ""), done=done)
    context = {"page": page, "done": done, "kinds": KINDS, "may_apply": APPLY in request.actor.grants}
    return render(request, "trust/applications.html", context)


@audience(STAFF, APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    values = {name: request.POST.get(name, "") for name in TYPED}
    error = None
    if request.method == "POST":
        try:
            made = actions.apply_for_certificate(actor=request.actor, **values)
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("申请已提交，由安全管理员审核。"))
            return redirect("console-trust-application", made.pk)
    kinds = {kind: KINDS[kind] for kind in APPLIED_FOR}
    context = {"values": values, "error": error, "kinds": kinds, "algorithms": ALGORITHMS}
    return render(request, "trust/apply.html", context, status=error.status if error else 200)


@audience(STAFF, SEE)
@require_safe
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    return _application_page(request, application_id)


def _application_page(request: HttpRequest, application_id: UUID, error: Refused | None = None) -> HttpResponse:
    row = queries.application_for(request.actor, application_id)
    context = {
        "application": row,
        "kind": KINDS[row.kind],
        "own": row.applied_by in request.actor.names,
        "may_decide": row.state == "waiting" and DECIDE in request.actor.grants,
        "typed": request.POST,
        "error": error,
    }
    return render(request, "trust/application.html", context, status=error.status if error else 200)


@audience(STAFF, DECIDE)
@require_POST
def decide(request: HttpRequest, application_id: UUID) -> HttpResponse:
    opinion, yes = request.POST.get("opinion", ""), request.POST.get("decision") == "approve"
    act = actions.approve_application if yes else actions.refuse_application
    try:
        act(actor=request.actor, application_id=application_id, opinion=opinion)
    except Refused as refusal:
        return _application_page(request, application_id, refusal)
    messages.success(request, _("证书已签发。") if yes else _("已退回申请。"))
    return redirect("console-trust-application", application_id)


@audience(STAFF, SEE)
@require_safe
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    return _certificate_page(request, certificate_id)


def _certificate_page(request: HttpRequest, certificate_id: UUID, error: Refused | None = None) -> HttpResponse:
    row = queries.certificate_for(request.actor, certificate_id)
    decides = DECIDE in request.actor.grants
    context: dict[str, Any] = {
        "certificate": row,
        "kind": KINDS[row.kind],
        "state": STATES[row.state],
        "why": WHY.get(row.reason, ""),
        "steps": queries.judge_certificate(bytes(row.der)),
        "over": row.valid_until <= now(),
        "near": row.valid_until <= queries.nearly_over(),
        "ways": [state for state in STATES if decides and may_become(row.kind, row.state, state)],
        "reasons": [(reason, WHY[reason]) for reason in REASONS],
        "may_renew": APPLY in request.actor.grants and row.kind in APPLIED_FOR and row.state == Certificate.State.VALID,
        "typed": request.POST,
        "error": error,
    }
    return render(request, "trust/certificate.html", context, status=error.status if error else 200)


@audience(STAFF, DECIDE)
@require_POST
def change(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """`to` is the state it shall be in."""
    basis, wanted = request.POST.get("basis", ""), request.POST.get("to", "")
    acts = {"suspended": actions.suspend_certificate, "valid": actions.restore_certificate}
    try:
        if wanted in acts:
            acts[wanted](actor=request.actor, certificate_id=certificate_id, basis=basis)
        else:
            actions.revoke_certificate(request.actor, certificate_id, request.POST.get("reason", ""), basis)
    except Refused as refusal:
        return _certificate_page(request, certificate_id, refusal)
    messages.success(request, _("证书状态已更新，查询服务和吊销列表随即生效。"))
    return redirect("console-trust-certificate", certificate_id)


@audience(STAFF, APPLY)
@require_POST
def renew(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    purpose = request.POST.get("purpose", "")
    try:
        made = actions.apply_for_renewal(actor=request.actor, certificate_id=certificate_id, purpose=purpose)
    except Refused as refusal:
        return _certificate_page(request, certificate_id, refusal)
    messages.success(request, _("续期申请已提交，由安全管理员审核。"))
    return redirect("console-trust-application", made.pk)


@audience(STAFF, SEE)
@require_safe
def download(request: HttpRequest, certificate_id: UUID, form: str) -> HttpResponse:
    """`pem`, `der`, or `chain`: all of them up to the root."""
    row = queries.certificate_for(request.actor, certificate_id)
    if form not in FORMATS:
        raise CertificateNotFound
    der = bytes(row.der)
    chain = queries.chain_of(der) if form == "chain" else [der]
    body = der if form == "der" else "".join(queries.pem_of(one) for one in chain).encode()
    name = f"{row.serial[:16]}{'-chain' if form == 'chain' else ''}.{'cer' if form == 'der' else 'pem'}"
    return HttpResponse(
        body, content_type=FORMATS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


urlpatterns = [
    path("console/trust/", certificates, name="console-trust"),
    path("console/trust/apply/", apply, name="console-trust-apply"),
    path("console/trust/applications/", applications, name="console-trust-applications"),
    path("console/trust/applications/<uuid:application_id>/", application, name="console-trust-application"),
    path("console/trust/applications/<uuid:application_id>/decide/", decide, name="console-trust-decide"),
    path("console/trust/certificates/<uuid:certificate_id>/", certificate, name="console-trust-certificate"),
    path("console/trust/certificates/<uuid:certificate_id>/change/", change, name="console-trust-change"),
    path("console/trust/certificates/<uuid:certificate_id>/renew/", renew, name="console-trust-renew"),
    path("console/trust/certificates/<uuid:certificate_id>/<slug:form>/", download, name="console-trust-download"),
]
