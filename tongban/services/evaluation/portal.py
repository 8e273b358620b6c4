"""Rating one's own case `/my/cases/<id>/rate/`, and the public figures `/ratings/`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import CITIZEN, PUBLIC, audience
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.queries import case_for

from .actions import rate, supplement
from .errors import SENTENCES, RatingRefused
from .queries import figures_by, item_names, levels, may_rate, reason_texts
from .rules import LONGEST_TEXT, Figures

PERIODS = {"month": 30, "quarter": 91, "year": 365}


@audience(CITIZEN, "evaluation.rate")
@require_http_methods(["GET", "HEAD", "POST"])
def rate_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    typed = _typed(request) if request.method == "POST" else {}
    error = None
    if request.method == "POST":
        try:
            rate(actor=request.actor, case_id=case_id, way=_way(request), **typed)
        except RatingRefused as refusal:
            error = refusal
        else:
            messages.success(request, _("评价已提交，谢谢您。"))
            return redirect("rate-case", case_id=case_id)
    return _page(request, case_id, typed, error)


@audience(CITIZEN, "evaluation.rate")
@require_POST
def add_to_rating(request: HttpRequest, case_id: UUID) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        supplement(actor=request.actor, case_id=case_id, text=text)
    except RatingRefused as refusal:
        return _page(request, case_id, {"text": text}, refusal)
    messages.success(request, _("追评已提交，谢谢您。"))
    return redirect("rate-case", case_id=case_id)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was chosen; of the reasons only those under the chosen level, since the others were hidden."""
    stars = request.POST.get("stars", "")
    return {
        "stars": int(stars) if stars.isascii() and stars.isdigit() and len(stars) == 1 else None,
        "reasons": request.POST.getlist(f"reasons-{stars}"),
        "text": request.POST.get("text", ""),
        "anonymous": "anonymous" in request.POST,
    }


def _way(request: HttpRequest) -> str:
    """评价渠道: 2 for a phone, else 1."""
    return "2" if "Mobi" in request.headers.get("User-Agent", "") else "1"


def _page(request: HttpRequest, case_id: UUID, typed: dict[str, Any], error: TongbanError | None) -> HttpResponse:
    case = case_for(request.actor, case_id)
    may = may_rate(case)
    context = {
        "case": case,
        "may": may,
        "why_not": [SENTENCES[code] for code in may.why_not_rate],
        "levels": levels(),
        "chosen": [reason_texts().get(code, code) for code in may.rating.reasons] if may.rating else [],
        "level": next((one for one in levels() if may.rating and one["stars"] == may.rating.stars), None),
        "typed": typed,
        "error": error,
        "longest": LONGEST_TEXT,
    }
    return render(request, "evaluation/rate.html", context, status=error.status if error else 200)


@audience(PUBLIC)
@require_safe
def ratings(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("period", "quarter")
    chosen = chosen if chosen in PERIODS else "quarter"
    until = today()
    period: dict[str, Any] = {"since": until - timedelta(days=PERIODS[chosen]), "until": until}
    context = {
        **period,
        "chosen": chosen,
        "periods": [("month", _("近一个月")), ("quarter", _("近三个月")), ("year", _("近一年"))],
        "levels": levels(),
        "departments": _named("department_id", department_names, **period),
        "items": _named("item_code", item_names, **period)[:50],
        "all": sum(figures_by("department_id", **period).values(), Figures()),
    }
    return render(request, "evaluation/ratings.html", context)


def _named(what: str, names_of: Any, *, since: date, until: date) -> list[tuple[str, Figures]]:
    """(name, figures), those with most ratings first."""
    figures = figures_by(what, since=since, until=until)
    names = names_of(list(figures))
    rows = [(names.get(key, key), value) for key, value in figures.items() if value.closed or value.rated]
    return sorted(rows, key=lambda row: (-row[1].rated, -row[1].closed, str(row[0])))


urlpatterns = [
    path("my/cases/<uuid:case_id>/rate/", rate_case, name="rate-case"),
    path("my/cases/<uuid:case_id>/rate/more/", add_to_rating, name="rate-case-more"),
    path("ratings/", ratings, name="ratings"),
]
