"""One record: each value with its source, its age and what lost; what was known on any day of any day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods

from tongban.data.registries import queries
from tongban.data.registries.errors import LookRefused
from tongban.data.registries.models import Record, Register
from tongban.data.registries.queries import LOOK, SEE
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.pages import STAFF, audience

from .registers import URL, private
from .words import shown


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
    context = {
        "register": register,
        "record": kept,
        "rows": [
            (one, shown(one.name, one.value), [each | {"text": shown(one.name, each["value"])} for each in one.losers])
            for one in values
        ],
        "full": full,
        "asked": asked,
        "error": error,
        "errors": error.fields if error else {},
        "may_look": LOOK in actor.grants,
        **_then(request, register, kept, {one.name: one.title or one.name for one in values}, full),
    }
    return private(render(request, "registries/record.html", context, status=error.status if error else 200))


def _day(text: str) -> date:
    try:
        return parse_date(text[:10]) or today()
    except ValueError:
        return today()


def _then(request: HttpRequest, register: Register, kept: Record, titles: dict[str, str], full: bool) -> dict[str, Any]:
    known_on, day = _day(request.GET.get("known_on", "")), _day(request.GET.get("day", ""))

    def text(name: str, value: Any) -> str:
        return shown(name, value if full else queries.masked_value(register.code, name, value))

    then = queries.as_known(kept, known_on=known_on, day=day)
    spans = queries.spans_known(kept, known_on=known_on)
    return {
        "known_on": known_on,
        "day": day,
        "then": [(titles.get(name, name), text(name, one.value), one) for name, one in then.items()],
        "spans": [
            (titles.get(name, name), [(text(name, one.value), one) for one in said])
            for name, said in spans.items()
            if len(said) > 1
        ],
    }


urlpatterns = [path(f"{URL}records/<uuid:record_id>/", record, name="record")]
