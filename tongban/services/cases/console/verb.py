"""One page a verb: told what will happen, asked what is needed, nothing typed is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.foundation.kernel.errors import Conflict, NotFound, Refused, TongbanError, Unavailable
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.cases.queries import case_for, event_title, events_since, last_event, what_may_be_done
from tongban.services.cases.rules.signing import SIGNED_ACTS
from tongban.services.forms.queries import leaf
from tongban.services.items.queries import content_of

from .fields import Field
from .verbs import FORM, PAGES, VerbPage, offered, said

if TYPE_CHECKING:
    from django.http import QueryDict

    from tongban.services.cases.models import Case


@audience(STAFF, "cases.see")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, case_id: UUID, verb: str) -> HttpResponse:
    page = PAGES.get(verb)
    if page is None:
        raise NotFound
    case = case_for(request.actor, case_id)
    if request.method != "POST" or "check" in request.POST:
        return _page(request, case, verb, page)
    if moved := _moved_on(case, request.POST.get("seen", "")):
        return _page(request, case, verb, page, moved=moved)
    try:
        after = page.action(actor=request.actor, case_id=case.pk, **page.given(request.POST))
    except (Refused, Conflict, Unavailable) as refusal:
        return _page(request, case, verb, page, error=refusal)
    messages.success(request, said(page))
    return redirect("console-case", case_id=after.pk)


def _moved_on(case: Case, seen: str) -> list[Any]:
    """What happened since the officer's page was drawn, in words: he must know before he acts."""
    if seen == last_event(case):
        return []
    return [(event.at, event_title(event.verb), event.note) for event in events_since(case, seen)] or [
        (None, _("办件有变化"), "")
    ]


def _typed(field: Field, post: QueryDict) -> Any:
    """What was filled in before, and what is chosen to begin with."""
    return post.getlist(field.name) if field.kind == "checks" else post.get(field.name, field.value)


def _page(
    request: HttpRequest, case: Case, verb: str, page: VerbPage, *, error: TongbanError | None = None, moved: Any = ()
) -> HttpResponse:
    content, post = content_of(case.item_version_id), request.POST
    context = {
        "case": case,
        "verb": verb,
        "page": page,
        "fields": [
            (field, _typed(field, post), field.choices(request.actor, case, content) if field.choices else [])
            for field in page.fields
        ],
        "posted": post,
        "error": error,
        "moved": moved,
        "possible": verb in offered(request.actor, case, what_may_be_done(request.actor, case)),
        "seen": last_event(case),
        "signs": verb in SIGNED_ACTS,
        **(_special(case, content, post) if page.special else {}),
    }
    status = 409 if moved else error.status if error else 200
    return render(request, "cases/console/verb.html", context, status=status)


def _special(case: Case, content: dict[str, Any], post: Any) -> dict[str, Any]:
    """For the pages about materials: what the item asks for here, and what was written about each."""
    rest = leaf(content, case.situation, applicant_kind=case.applicant_kind)
    lines = [{"key": FORM, "name": _("申请表")}, *rest.materials]
    asked = case.corrections.filter(supplied_at=None, lapsed_at=None).values_list("items", flat=True).first() or []
    return {
        "lines": [(line["key"], line["name"], post.get(f"problem-{line['key']}", "")) for line in lines],
        "asked": [(item, item["key"] in post.getlist("got")) for item in asked if item["key"]],
        "notes": [item for item in asked if not item["key"]],
        "days": post.get("days", "15"),
        "second": case.correction_count > 0,
    }


urlpatterns = [path("console/cases/<uuid:case_id>/<slug:verb>/", act, name="console-case-verb")]
