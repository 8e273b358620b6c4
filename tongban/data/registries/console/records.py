"""One record: each value with its source, its age and what lost; what was known on any day of any day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.registries import queries
from tongban.data.registries.errors import LookRefused
from tongban.data.registries.models import Record
from tongban.data.registries.queries import CREDIT, LOOK, SEE
from tongban.data.registries.rules import mendable_from, stands
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed

from .registers import URL, private
from .words import Face, shown


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Masked; posted with purpose and number, in full, and that is written down."""
    actor, error, full = request.actor, None, False  # type: ignore[attr-defined]
    asked = {name: request.POST.get(name, "")[:200] for name in ("purpose", "case_no")}
    register, kept = queries.record_of(actor=actor, record_id=record_id)
    if request.method == "POST":
        try:
            queries.look_in_full(actor=actor, record_id=record_id, **asked)
            full = True
        except LookRefused as refusal:
            error = refusal
    values = queries.values_of(register, kept, full=full)
    face = Face(register)
    context = {
        "register": register,
        "record": kept,
        "rows": [
            (
                one,
                shown(one.name, one.value, face.codes(one.name)),
                [each | {"text": shown(one.name, each["value"], face.codes(one.name))} for each in one.losers],
            )
            for one in values
        ],
        "full": full,
        "asked": asked,
        "error": error,
        "errors": error.fields if error else {},
        "may_look": may(actor, LOOK, department_id=actor.department_id, grade=queries.clearance_for(register))
        and face.hides,
        "notes": notes_of(register.code, kept),
        **_then(request, face, kept, full),
    }
    return private(render(request, "registries/record.html", context, status=error.status if error else 200))


def _then(request: HttpRequest, face: Face, kept: Record, full: bool) -> dict[str, Any]:
    known_on, day = (day_typed(request.GET.get(name, "")) or today() for name in ("known_on", "day"))
    then = queries.as_known(kept, known_on=known_on, day=day)
    spans = queries.spans_known(kept, known_on=known_on)
    return {
        "known_on": known_on,
        "day": day,
        "gone": queries.gone_since(kept, known_on=known_on),
        "then": [(face.title(name), face.text(name, one.value, full=full), one) for name, one in then.items()],
        "spans": [
            (face.title(name), [(face.text(name, one.value, full=full), one) for one in said])
            for name, said in spans.items()
            if len(said) > 1
        ],
    }


def notes_of(code: str, kept: Record) -> list[str]:
    """Of a credit record: whether it stands, and from when on mending may be asked for."""
    if code != CREDIT:
        return []
    mark = {name: entry["value"] for name, entry in kept.values.items()}
    told = [_("这条记录现在有效。") if stands(mark, today()) else _("这条记录已经不再有效：到期、已修复或者异议成立。")]
    first = mendable_from(mark)
    return [*told, _("最早可以在 %(day)s 申请信用修复。") % {"day": first}] if first and stands(mark, today()) else told


urlpatterns = [path(f"{URL}records/<uuid:record_id>/", record, name="record")]
