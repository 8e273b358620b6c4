"""Counter intake (窗口收件): a clerk takes in an application for a person who came, with the paper he brought."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.foundation.kernel.errors import Conflict, NotAllowed, Refused, TongbanError
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.letters.queries import letters_about
from tongban.services.cases.actions import Applicant, Application, receive, submit
from tongban.services.cases.queries import case_for
from tongban.services.cases.rules.materials import is_the_form, may_be_promised
from tongban.services.forms.queries import leaf, parse_post
from tongban.services.forms.queries import render as render_form
from tongban.services.items.queries import items_of, published

if TYPE_CHECKING:
    from django.http import QueryDict

# The applicant's own data goes into the form by itself: typed once, said once.
FILLED_FROM = {
    "person": {"person.name": "name", "person.id_number": "number", "person.phone": "phone"},
    "company": {"company.name": "name", "company.uscc": "number", "company.phone": "phone"},
}
# Named as at the border (the exchange standards' names), so that no field of an item's form is called the same.
APPLICANT = {"applyer_name": "name", "applyer_page_code": "number", "contact_mobile": "phone"}
HOW = {"paper": "1", "promise": "4", "waived": "7"}


@audience(STAFF, "cases.receive")
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which of the department's items the person came for."""
    found = [version for item in items_of(request.actor.department_id) if (version := _in_force(item.code))]
    return render(request, "cases/console/counter_choose.html", {"versions": found})


def _in_force(code: str) -> Any:
    try:
        return published(code)
    except TongbanError:
        return None


@audience(STAFF, "cases.receive")
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, item_code: str) -> HttpResponse:
    """The whole application on one page; each button but the last only draws the page anew with what was typed."""
    version = published(item_code)
    if version.item.department_id != request.actor.department_id:
        raise NotAllowed(verb="cases.receive")
    typed = _typed(request.POST, version.content)
    error = None
    if request.POST.get("_do") == "submit":
        try:
            receipt = submit(
                actor=request.actor,
                payload=_application(item_code, version.pk, typed),
                idempotency_key=request.POST.get("_key", ""),
            )
        except (Refused, Conflict) as refusal:
            error = refusal
        else:
            return _received(request, receipt.case_id)
    return _page(request, version, typed, error)


def _typed(post: QueryDict, content: dict[str, Any]) -> dict[str, Any]:
    """Everything on the page as it stands."""
    kinds = content.get("applicants") or ["person"]
    kind = str(post.get("applyer_kind"))
    kind = kind if kind in kinds else kinds[0]
    applicant = {name: post.get(posted, "").strip() for posted, name in APPLICANT.items()} | {"kind": kind}
    form = content.get("form") or {}
    answers = parse_post(form, post) if post else {}
    for field in (field for group in form.get("groups") or () for field in group["fields"]):
        source = FILLED_FROM[kind].get(field.get("element") or "")
        if source and applicant[source] and not answers.get(field["key"]):
            answers[field["key"]] = applicant[source]
    situation = {
        name.removeprefix("situation."): value for name, value in post.items() if name.startswith("situation.")
    }
    rest = leaf(content, situation, applicant_kind=kind, answers=answers)
    how = {material["key"]: post.get(f"how-{material['key']}", "") for material in rest.materials}
    copies = {key: _number(post.get(f"copies-{key}", "1")) for key in how}
    return {"applicant": applicant, "answers": answers, "rest": rest, "how": how, "copies": copies}


def _number(text: str) -> int:
    return min(max(int(text), 1), 999) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _application(item_code: str, version_id: UUID, typed: dict[str, Any]) -> Application:
    return Application(
        item_code=item_code,
        situation=typed["rest"].situation,
        answers=typed["answers"],
        materials=_handed_in(typed),
        applicant=Applicant(**typed["applicant"]),
        channel="counter",
        version_id=version_id,
    )


def _handed_in(typed: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What the clerk ticked, material by material; a waiver names the first way the item allows."""
    rows = {}
    for material in typed["rest"].materials:
        key, how = material["key"], typed["how"].get(material["key"])
        if how in HOW:
            rows[key] = [{"way": HOW[how], "copies": typed["copies"][key]}]
        if how == "waived" and material.get("waive"):
            rows[key][0]["waive_mode"] = material["waive"][0]
    return rows


def _page(request: HttpRequest, version: Any, typed: dict[str, Any], error: TongbanError | None) -> HttpResponse:
    rest, content = typed["rest"], version.content
    context = {"situation": rest.situation, "applicant": {"kind": typed["applicant"]["kind"]}}
    reasons = [reason for reason in error.reasons if reason.field] if error else []
    shown = {
        "version": version,
        "content": content,
        "typed": typed,
        "kinds": content.get("applicants") or ["person"],
        "questions": [(q, rest.situation.get(q["key"], "")) for q in rest.questions],
        "materials": [
            (m, typed["how"][m["key"]], typed["copies"][m["key"]], may_be_promised(m))
            for m in rest.materials
            if not is_the_form(m)
        ],
        "fields": render_form(content.get("form") or {}, typed["answers"], reasons, context=context),
        "ready": rest.is_complete,
        "key": request.POST.get("_key") or str(uuid7()),
        "error": error,
    }
    return render(request, "cases/console/counter.html", shown, status=error.status if error else 200)


def _received(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The clerk has the paper in his hands, so it is received at once; a repeat finds it received."""
    with suppress(Conflict):
        receive(actor=request.actor, case_id=case_id)
    return redirect("console-counter-receipt", case_id=case_id)


@audience(STAFF, "cases.receive")
@require_safe
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the person takes home: printable, with the letter beside it."""
    case = case_for(request.actor, case_id)
    letters = letters_about(request.actor, f"case:{case.pk}")
    context = {"case": case, "materials": case.materials.order_by("key", "position"), "letters": letters}
    return render(request, "cases/console/receipt.html", context | {"title": _("收件凭证")})


urlpatterns = [
    path("console/cases/counter/", choose, name="console-counter"),
    path("console/cases/counter/<slug:item_code>/", take_in, name="console-counter-item"),
    path("console/cases/<uuid:case_id>/receipt/", receipt, name="console-counter-receipt"),
]
