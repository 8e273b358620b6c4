"""The last part of a draft: what it changes in words, what is still wrong with it, and handing it to a colleague."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.actions import hand_in, take_out_of_review
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.authoring.queries.trials import tried
from tongban.services.items.queries import by_part, last_published_of, review_of_draft, told_differences

from .frame import frame


@audience(STAFF, VERB)
def review(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Differences to the last version and to the source, findings, and where the review stands."""
    return _page(request, document_id)


def _page(request: HttpRequest, document_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    context: dict[str, Any] = frame(request, document_id, "review")
    draft = context["draft"]
    last, version = last_published_of(draft.key), review_of_draft(draft.pk)
    source = draft.base if draft.base and not draft.base_ref.startswith(f"{draft.key}@") else None
    context |= {
        "error": error,
        "last": last,
        "groups": by_part(told_differences(last.content, draft.content)) if last else [],
        "source": source,
        "source_groups": by_part(told_differences(source, draft.content)) if source else [],
        "version": version,
        "returned": version.events.filter(kind="returned").last() if version else None,
        "tried": [(one, reverse(f"authoring-{one.tab}", args=[draft.pk])) for one in tried(draft.content)],
        "must": [(one, url) for one, url in context["findings"] if one.level == "must"],
    }
    return render(request, "authoring/review.html", context, status=error.status if error else 200)


@audience(STAFF, VERB)
@require_POST
def submit(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Hand in; what keeps it back is said in full."""
    try:
        hand_in(request.actor, document_id)
    except TongbanError as error:
        if error.status in (401, 403, 404):
            raise
        return _page(request, document_id, error)
    messages.success(request, _("已送审。由没有参与起草的同事审核发布。"))
    return redirect("authoring-review", document_id)


@audience(STAFF, VERB)
@require_POST
def recall(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Take the draft out of review, to go on writing."""
    draft = item_draft(request.actor, document_id)
    take_out_of_review(request.actor, draft.pk)
    messages.success(request, _("已收回，可以继续修改。"))
    return redirect("authoring-review", document_id)


urlpatterns = [
    path("console/authoring/<uuid:document_id>/review/", review, name="authoring-review"),
    path("console/authoring/<uuid:document_id>/review/hand-in/", submit, name="authoring-hand-in"),
    path("console/authoring/<uuid:document_id>/review/recall/", recall, name="authoring-recall"),
]
