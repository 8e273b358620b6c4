"""The applicant asks that a person looks at what was decided by rules (个人信息保护法 art. 24)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import CITIZEN, audience

from .actions import ask_person
from .errors import DecidedNotFound
from .queries import explained


@audience(CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Asked once more before it is done, with a place to say what seems wrong."""
    told, error, words = explained(request.actor, case_id), None, request.POST.get("words", "")[:1001]
    if told is None or not told.is_own:
        raise DecidedNotFound
    if request.method == "POST":
        try:
            ask_person(actor=request.actor, case_id=case_id, words=words)
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("已转给工作人员重新审查，结果会通知您。"))
            return redirect(f"/my/cases/{case_id}/#why")
    context = {"told": told, "error": error, "words": words}
    return render(request, "decisions/ask.html", context, status=error.status if error else 200)


urlpatterns = [path("my/cases/<uuid:case_id>/ask-person/", ask, name="ask-person")]
