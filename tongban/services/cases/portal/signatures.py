"""What was signed about the applicant's own case, checked before his eyes; signing what has no signature of his yet."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.foundation.kernel.errors import Refused, TongbanError, Unavailable
from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.services.cases.actions import sign_application
from tongban.services.cases.models import Case
from tongban.services.cases.queries import awaits_signature, case_for, judged_signatures, signed_file

from .sending import DECLARATION


@audience(CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
def signatures(request: HttpRequest, case_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    case, error = case_for(actor, case_id), None
    if request.method == "POST":
        try:
            sign_application(actor=actor, case_id=case_id)
            messages.success(request, _("已经以您的名义签名。"))
            return redirect("my_signatures", case_id)
        except (Refused, Unavailable) as refusal:
            error = refusal
    return _page(request, case, error)


def _page(request: HttpRequest, case: Case, error: TongbanError | None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "case": case,
        "error": error,
        "unsigned": awaits_signature(actor, case),
        "declaration": DECLARATION,
        "signatures": judged_signatures(actor, case),
    }
    return render(request, "cases/portal/signatures.html", context, status=error.status if error else 200)


@audience(CITIZEN)
@require_safe
def signed(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Texts, signatures and certificates in one file, for checking without us (docs/guides/signatures.md)."""
    actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    answer = JsonResponse(signed_file(actor, case), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="signatures-{case.project_no}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
