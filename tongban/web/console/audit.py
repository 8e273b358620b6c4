"""The audit administrator's page: facts from audit, names of departments and officers from where they are known."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.audit.queries import facts, facts_about, seals
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import id_typed
from tongban.foundation.organisations.queries import department_names, departments_of

SEE = "audit.see"


def _start_of(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), SHANGHAI)
    except ValueError:
        return None


def _filters(request: HttpRequest) -> dict[str, Any]:
    typed = request.GET
    until = _start_of(typed.get("until", ""))
    return {
        "name": typed.get("name", "").strip()[:60],
        "stream": typed.get("stream", "").strip()[:80],
        "department_id": id_typed(typed.get("department", "")),
        "actor_id": id_typed(typed.get("actor", "")),
        "since": _start_of(typed.get("since", "")),
        "until": until + timedelta(days=1) if until else None,
    }


def _with_names(rows: list[Any]) -> dict[str, Any]:
    return {
        "officers": staff_names(fact.actor_id for fact in rows if fact.actor_id),
        "offices": department_names(fact.department_id for fact in rows if fact.department_id),
    }


@audience(STAFF, SEE)
def trail(request: HttpRequest) -> HttpResponse:
    """What happened, newest first."""
    page = facts(request.actor, filters=_filters(request), cursor=request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    last = seals(limit=1)
    context = {
        "page": page,
        "rows": page.rows,
        "typed": request.GET,
        "departments": departments_of(),
        "last_seal": last,
    }
    return render(request, "console/audit.html", context | _with_names(page.rows))


@audience(STAFF, SEE)
def one_stream(request: HttpRequest, stream: str) -> HttpResponse:
    """Everything that happened to one subject, from the beginning."""
    rows = facts_about(request.actor, stream)  # type: ignore[attr-defined]
    return render(request, "console/audit_stream.html", {"stream": stream, "rows": rows} | _with_names(rows))


urlpatterns = [
    path("console/audit/", trail, name="console_audit"),
    path("console/audit/<path:stream>/", one_stream, name="console_audit_stream"),
]
