"""One value of a base register: the rule it was chosen by, and each source's batch, row and file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.data.lineage import actions
from tongban.data.lineage.queries import SEE, Place
from tongban.foundation.kernel.pages import STAFF, audience

from .pictures import LEVELS

WAYS = {"order": _("按来源的先后"), "newest": _("取最新的")}


@audience(STAFF, SEE)
@require_safe
def value(request: HttpRequest, record_id: UUID, element: str) -> HttpResponse:
    story = actions.trace_value(actor=request.actor, record_id=record_id, element=element)  # type: ignore[attr-defined]
    context = {
        "story": story,
        "by": WAYS.get(story.by, ""),
        "stands": _told(story.stands),
        "losers": [_told(one) for one in story.losers],
        "node_id": f"element:{story.register.code}:{story.element}",
    }
    answer = render(request, "lineage/value.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _told(place: Place) -> dict[str, object]:
    days = {"as_of": parse_date(place.as_of[:10]), "since": parse_date(place.since[:10])}
    return days | {"place": place, "values": [(one, LEVELS.get(one.level, "")) for one in place.values]}


urlpatterns = [
    path("console/lineage/records/<uuid:record_id>/<slug:element>/", value, name="console-lineage-value"),
]
