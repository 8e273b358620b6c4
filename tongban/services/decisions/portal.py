"""The applicant asks that a person looks at what was decided by rules (个人信息保护法 art. 24)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.kernel.pages import CITIZEN, audience

from .actions import ask_person


@audience(CITIZEN)
@require_POST
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    ask_person(actor=request.actor, case_id=case_id, words=request.POST.get("words", "")[:1000])
    messages.success(request, _("已转给工作人员重新审查，结果会通知您。"))
    return redirect(f"/my/cases/{case_id}/")


urlpatterns = [path("my/cases/<uuid:case_id>/ask-person/", ask, name="ask-person")]
