"""The form as a citizen or a clerk will see it, filled in live and kept nowhere; what is filled in may become a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.authoring.queries.designer import FORM, form_of
from tongban.services.forms.queries import (
    Fault,
    faults_of_form,
    leaf,
    parse_post,
    passing,
    reasons_of,
    record_test,
    refusal_of,
    sentence,
    settle,
)
from tongban.services.forms.queries import render as rendered

VIEWS = ("phone", "desk", "counter", "care")
FRAMED = settings.CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@dataclass
class Filled:
    """What stands in the preview: the form that the situation leaves, and what was filled in."""

    form: dict[str, Any]
    answers: dict[str, Any]
    situation: dict[str, str]
    questions: list[dict[str, Any]]
    applicant: str

    @property
    def context(self) -> dict[str, Any]:
        return {"situation": self.situation, "applicant": {"kind": self.applicant}}


def _filled(content: dict[str, Any], posted: Any) -> Filled:
    whole = form_of(content)
    given = {name.removeprefix("situation."): value for name, value in posted.items() if name.startswith("situation.")}
    applicant = "company" if posted.get("applyer_kind") == "company" else "person"
    answers = parse_post(whole, posted) if posted else {}
    rest = leaf({**content, "form": whole}, given, applicant_kind=applicant, answers=answers, today=today().isoformat())
    return Filled({**whole, "groups": rest.groups}, answers, rest.situation, rest.questions, applicant)


@audience(STAFF, VERB)
@xframe_options_sameorigin
def preview(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The real renderer on the draft's form. `?as=` says for whom; a POST fills in, and with `_check` shows every fault."""
    draft = item_draft(request.actor, document_id)
    seen = request.GET.get("as", "")
    form = form_of(draft.content)
    with passing(form):
        context = {"draft": draft, "seen": seen if seen in VIEWS else "desk", **_page(request, draft.content, form)}
        response = render(request, "authoring/form/preview.html", context | {"care": seen == "care"})
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def _broken(form: dict[str, Any]) -> list[Fault]:
    """Faults of the form itself; a test that fails is no reason not to look at the form."""
    return [fault for fault in faults_of_form(form) if not fault.path.startswith("tests")]


def _page(request: HttpRequest, content: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    if broken := _broken(form):
        return {"broken": [sentence(fault) for fault in broken[:5]], "title": form.get("title", "")}
    filled = _filled(content, request.POST)
    with passing(filled.form):
        reasons = []
        if "_check" in request.POST:
            settled = settle(filled.form, filled.answers, filled.context, actor=request.actor)
            reasons = reasons_of(settled.faults)
        fields = rendered(filled.form, filled.answers, reasons, context=filled.context)
    return {
        "fields": fields,
        "filled": filled,
        "error": refusal_of(reasons),
        "checked": "_check" in request.POST,
        "title": form.get("title", ""),
        "kinds": content.get("applicants") or ["person"],
    }


@audience(STAFF, VERB)
@require_POST
def record(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What stands in the preview as a test: answered with the operation that keeps it. `_again` names a test to record anew."""
    draft = item_draft(request.actor, document_id)
    form = form_of(draft.content)
    tests = form.get("tests") or []
    with passing(form):
        if broken := _broken(form):
            answer = {"title": _("改正表单后才能记测试。"), "reasons": [sentence(fault) for fault in broken[:3]]}
            return JsonResponse(answer, status=422)
        again = request.POST.get("_again", "")
        if again.isdecimal() and int(again) < len(tests):
            old = tests[int(again)]
            made = record_test(
                form,
                name=old["name"],
                answers=dict(old["answers"]),
                situation=old.get("situation") or {},
                applicant=old.get("applicant") or "person",
                today=today(),
            )
            ops = [{"op": "replace", "path": f"{FORM}/tests/{again}", "value": made}]
            return JsonResponse(
                {"ops": ops, "label": _("重新记下测试“%(name)s”") % {"name": made["name"]}, "select": FORM}
            )
        filled = _filled(draft.content, request.POST)
        name = request.POST.get("_name", "").strip()[:100] or _("测试%(number)s") % {"number": len(tests) + 1}
        made = record_test(
            form,
            name=name,
            answers=filled.answers,
            situation=filled.situation,
            applicant=filled.applicant,
            today=today(),
        )
    ops = [] if "tests" in form else [{"op": "add", "path": f"{FORM}/tests", "value": []}]
    ops.append({"op": "add", "path": f"{FORM}/tests/-", "value": made})
    return JsonResponse({"ops": ops, "label": _("记下测试“%(name)s”") % {"name": name}, "select": FORM})


HERE = "console/authoring/<uuid:document_id>/form/"
urlpatterns = [
    path(f"{HERE}preview/", preview, name="authoring-form-preview"),
    path(f"{HERE}record/", record, name="authoring-form-record"),
]
