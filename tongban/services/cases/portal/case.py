"""One case as its applicant sees it: what happens, who has it and until when, and what he can do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.foundation.files.actions import store
from tongban.foundation.kernel.errors import Conflict, NotFound, Reason, Refused
from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.foundation.organisations.queries import department
from tongban.services.cases.actions import supply_correction, supply_promised, urge, withdraw
from tongban.services.cases.models import Case
from tongban.services.cases.queries import (
    answer_promised_on,
    awaits_signature,
    case_for,
    signed_lines,
    timeline,
    what_may_be_done,
)
from tongban.services.decisions.queries import explained
from tongban.services.forms.queries import summary
from tongban.services.items.queries import content_of
from tongban.services.licences.queries import briefs_of, licence_of_case
from tongban.services.payments.queries import bill_of

UPLOAD = "2"


def _frame(request: HttpRequest, case: Case) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    content = content_of(case.item_version_id)
    return {
        "case": case,
        "content": content,
        "department": department(case.department_id),
        "verbs": what_may_be_done(actor, case),
        "bill": bill_of(case.pk),
        "correction": case.corrections.filter(supplied_at=None, lapsed_at=None).first(),
        "promised": [m for m in case.materials.all() if m.way == "4" and m.supplied_at is None],
    }


@audience(CITIZEN)
def case_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    context = _frame(request, case)
    about = {"situation": case.situation, "applicant": {"kind": case.applicant_kind}}
    materials = list(case.materials.all())
    licences = briefs_of(row.licence_id for row in materials)
    context |= {
        "events": timeline(actor, case_id, case),
        "summary": summary(context["content"].get("form") or {}, case.answers, context=about),
        "materials": [(row, licences.get(row.licence_id)) for row in materials],
        "decision": getattr(case, "decision", None),
        "delivery": getattr(case, "delivery", None),
        "ending": getattr(case, "ending", None),
        "licences": licence_of_case(case.pk) if case.result == "granted" else [],
        "told": explained(actor, case_id),
        "signed": signed_lines(actor, case),
    }
    return render(request, "cases/portal/case.html", context)


@audience(CITIZEN)
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What one prints and keeps: the number, what happens next, until when."""
    actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    decision = getattr(case, "decision", None)
    at_once = decision is not None and decision.rule_set_id is not None
    context = {
        "decision": decision,
        "at_once": at_once,
        "licences": licence_of_case(case.pk) if decision else [],
        "answer_by": answer_promised_on(case),
        "signed": signed_lines(actor, case)[:1],
        "unsigned": awaits_signature(actor, case),
    }
    return render(request, "cases/portal/receipt.html", _frame(request, case) | context)


@audience(CITIZEN)
@require_http_methods(["GET", "POST"])
def withdraw_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    case = case_for(request.actor, case_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:500]
        withdraw(actor=request.actor, case_id=case_id, reason=reason)  # type: ignore[attr-defined]
        messages.success(request, _("已撤回这项申请。"))
        return redirect("my_case", case_id)
    return render(request, "cases/portal/withdraw.html", {"case": case})


@audience(CITIZEN)
@require_POST
def urge_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """催办: once a day; whoever has the case is told."""
    case_for(request.actor, case_id)  # type: ignore[attr-defined]
    try:
        urge(actor=request.actor, case_id=case_id)  # type: ignore[attr-defined]
        messages.success(request, _("已提醒经办人。"))
    except (Refused, Conflict) as refusal:
        for text in [reason.text for reason in refusal.reasons] or [refusal.text]:
            messages.warning(request, text)
    return redirect("my_case", case_id)


@audience(CITIZEN)
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Everything that was asked for, on one page; files are kept in the session until all are sent together."""
    case = case_for(request.actor, case_id)  # type: ignore[attr-defined]
    asked = case.corrections.filter(supplied_at=None, lapsed_at=None).first()
    if asked is None:
        return redirect("my_case", case_id)
    given: dict[str, list[dict[str, str]]] = request.session.get(_shelf(case_id), {})
    error = None
    if request.method == "POST":
        missing = [item for item in asked.items if item["key"] and not given.get(item["key"])]
        if not missing:
            _supply(request, case_id, given)
            return redirect("my_case", case_id)
        words = _("请补交“%(name)s”。")
        error = Refused(
            _("还有内容没有补齐。"), reasons=[Reason("missing", words % {"name": i["name"]}, i["key"]) for i in missing]
        )
    context: dict[str, Any] = {"case": case, "correction": asked, "error": error}
    context["items"] = [{**item, "files": given.get(item["key"], [])} for item in asked.items]
    return render(request, "cases/portal/correction.html", context, status=422 if error else 200)


def _shelf(case_id: UUID) -> str:
    return f"correction:{case_id}"


def _supply(request: HttpRequest, case_id: UUID, given: dict[str, list[dict[str, str]]]) -> None:
    supply_correction(
        actor=request.actor,  # type: ignore[attr-defined]
        case_id=case_id,
        materials={key: [{"way": UPLOAD, **file} for file in files] for key, files in given.items() if files},
        note=request.POST.get("note", "").strip()[:1000],
    )
    request.session.pop(_shelf(case_id), None)
    messages.success(request, _("补正材料已提交，工作人员会尽快查看。"))


@require_POST
@audience(CITIZEN)
def correction_file(request: HttpRequest, case_id: UUID, key: str) -> HttpResponse:
    """Take one file for one thing asked for, or take it back."""
    case = case_for(request.actor, case_id)  # type: ignore[attr-defined]
    asked = case.corrections.filter(supplied_at=None, lapsed_at=None).first()
    if asked is None or key not in [item["key"] for item in asked.items]:
        raise NotFound
    given = request.session.get(_shelf(case_id), {})
    if request.POST.get("do") == "remove":
        kept = [f for f in given.get(key, []) if f["file_id"] != request.POST.get("file_id")]
        given = {**given, key: kept}
    else:
        given = {**given, key: [*given.get(key, []), *_received(request)]}
    request.session[_shelf(case_id)] = given
    return redirect(f"{reverse('my_correction', args=[case_id])}#f-{key}")


def _received(request: HttpRequest) -> list[dict[str, str]]:
    files = request.FILES.getlist("file")
    if not files:
        raise Refused(_("请先选择文件。"))
    actor = request.actor  # type: ignore[attr-defined]
    stored = [store(actor=actor, upload=file, name=file.name or "", purpose="material") for file in files]
    return [{"file_id": str(one.pk), "file_name": one.name} for one in stored]


@audience(CITIZEN)
@require_POST
def promised(request: HttpRequest, case_id: UUID, key: str) -> HttpResponse:
    """The material that was promised (容缺) is brought."""
    case_for(request.actor, case_id)  # type: ignore[attr-defined]  # no file is taken for a case of somebody else
    rows = [{"way": UPLOAD, "file_id": file["file_id"]} for file in _received(request)]
    supply_promised(actor=request.actor, case_id=case_id, key=key, rows=rows)  # type: ignore[attr-defined]
    messages.success(request, _("已收到承诺补交的材料。"))
    return redirect("my_case", case_id)
