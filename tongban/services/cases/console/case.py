"""A case on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.clocks.queries import clocks_of
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.letters.queries import letters_about
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.actions import look_at_licence, unmask_case
from tongban.services.cases.queries import (
    case_for,
    last_event,
    open_transfer,
    rounds_of,
    signed_lines,
    timeline,
    what_may_be_done,
)
from tongban.services.cases.rules.masking import masked
from tongban.services.decisions.queries import explained
from tongban.services.forms.queries import leaf, summary
from tongban.services.items.queries import content_of
from tongban.services.licences.queries import brief_of, briefs_of, lines_of
from tongban.services.payments.queries import bill_of

from .verbs import PAGES, offered

if TYPE_CHECKING:
    from tongban.services.cases.models import Case


@audience(STAFF, "cases.see")
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _page(request, case_for(request.actor, case_id))


@audience(STAFF, "persons.unmask")
@require_POST
def unmask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The same page with the applicant's full data, this once; the reason is kept where he can read it."""
    reason = request.POST.get("reason", "")
    try:
        found = unmask_case(actor=request.actor, case_id=case_id, reason=reason)
    except Refused as refusal:
        return _page(request, case_for(request.actor, case_id), error=refusal, reason=reason)
    answer = _page(request, found, full=True)
    answer["Cache-Control"] = "no-store"
    return answer


@audience(STAFF, "licences.look")
@require_POST
def licence(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """What the licence says that stands for a material; its holder can read that it was looked at."""
    found, material, looked = look_at_licence(actor=request.actor, case_id=case_id, material_id=material_id)
    context = {
        "case": found,
        "material": material,
        "licence": looked.licence,
        "brief": brief_of(looked.licence),
        "lines": lines_of(looked.licence),
    }
    answer = render(request, "cases/console/licence.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _page(
    request: HttpRequest, case: Case, *, full: bool = False, error: Refused | None = None, reason: str = ""
) -> Any:
    actor, subject = request.actor, f"case:{case.pk}"
    prefetch_related_objects([case], "materials", "steps", "suspensions", "corrections")
    content = content_of(case.item_version_id)
    form = content.get("form") or {}
    rest = leaf(content, case.situation, applicant_kind=case.applicant_kind)
    may = what_may_be_done(actor, case)
    licences = briefs_of(row.licence_id for row in case.materials.all())
    context = {
        "case": case,
        "full": full,
        "error": error,
        "reason": reason,
        "may_unmask": "persons.unmask" in actor.grants and not full,
        "answers": summary(form, case.answers if full else masked(form, case.answers), context=_context_of(case)),
        "materials": materials_of(case, rest.materials, licences),
        "may_check": "ask_correction" in may,
        "may_look": "licences.look" in actor.grants,
        "timeline": timeline(actor, case.pk, case=case),
        "clocks": _clocks(subject),
        "letters": letters_about(actor, subject),
        "steps": _steps(case),
        "rounds": rounds_of(case),
        "offer": _offer(case),
        "bill": bill_of(case.pk),
        "doings": [(verb, PAGES[verb]) for verb in offered(actor, case, may)],
        "seen": last_event(case),
        "told": explained(actor, case.pk),
        "signed": signed_lines(actor, case),
    }
    return render(request, "cases/console/case.html", context, status=error.status if error else 200)


def _context_of(case: Case) -> dict[str, Any]:
    return {"situation": case.situation, "applicant": {"kind": case.applicant_kind}}


def materials_of(case: Case, asked: list[dict[str, Any]], licences: dict[UUID | None, Any]) -> list[dict[str, Any]]:
    """Each material that is asked for in this situation, or came all the same, with what was handed in or stands for it."""
    rows: dict[str, list[Any]] = {}
    for row in case.materials.all():
        row.licence = licences.get(row.licence_id)
        rows.setdefault(row.key, []).append(row)
    listed = [{**material, "rows": rows.pop(material["key"], [])} for material in asked]
    others = [{"key": key, "name": found[0].name, "need": "2", "rows": found} for key, found in rows.items()]
    return listed + others


def _clocks(subject: str) -> list[Any]:
    """The clocks of a case with their ledgers, the running one first. Two queries."""
    clocks = clocks_of([subject]).get(subject, [])
    prefetch_related_objects(clocks, "entries")
    return sorted(clocks, key=lambda clock: (clock.ended_on is not None, clock.started_on))


def _steps(case: Case) -> list[tuple[Any, str, str]]:
    """Each desk's part with its department and whoever did it. Two queries."""
    steps = sorted((step for step in case.steps.all() if step.asking_id is None), key=lambda step: step.started_at)
    departments = department_names({step.department_id for step in steps})
    people = {account for step in steps for account in (step.account_id, step.for_account_id)}
    names = staff_names({account for account in people if account})
    return [(step, departments.get(step.department_id, ""), _who(step, names)) for step in steps]


def _who(step: Any, names: dict[UUID, str]) -> str:
    """张三（代李四）, where a deputy did it."""
    name = names.get(step.account_id, "") if step.account_id else ""
    if name and step.for_account_id:
        return _("%(who)s（代%(whose)s）") % {"who": name, "whose": names.get(step.for_account_id, "")}
    return name


def _offer(case: Case) -> tuple[Any, str] | None:
    """To which department it is offered, while that one has not answered."""
    offer = open_transfer(case)
    return (offer, department_names([offer.to_department_id]).get(offer.to_department_id, "")) if offer else None


urlpatterns = [
    path("console/cases/<uuid:case_id>/", case, name="console-case"),
    path("console/cases/<uuid:case_id>/unmask/", unmask, name="console-case-unmask"),
    path("console/cases/<uuid:case_id>/materials/<uuid:material_id>/licence/", licence, name="console-case-licence"),
]
