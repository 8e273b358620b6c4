"""How the data stand: the board, one dataset with its rules and checks, one check with what it found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.data.quality import actions, queries
from tongban.data.quality.models import Check
from tongban.data.quality.queries import HANDLE, MANAGE, SEE
from tongban.data.quality.rules import level, trend
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.sheets import csv_answer

from .tables import told_rows
from .words import DIMENSION, LEVEL, TOLD, told_rule


@audience(STAFF, SEE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Scores by department and dataset, six dimensions, day by day, the worst rules."""
    actor = request.actor  # type: ignore[attr-defined]
    told = queries.board(actor=actor)
    titles = {pk: queries.titles_of(pk) for pk in {one.of_check.dataset_id for one in told.worst}}
    checked = {one.dataset_id for one in told.checks}
    context = {
        "board": told,
        "level": level(told.score),
        "dimensions": list(DIMENSION.items()),
        "six": [
            (word, told.dimensions.get(name), level(told.dimensions.get(name))) for name, word in DIMENSION.items()
        ],
        "departments": [
            (name, score, level(score), [(found.get(key), level(found.get(key))) for key in DIMENSION])
            for name, score, found in told.departments
        ],
        "datasets": [(one, level(one.score), trend(told.trends.get(one.dataset_id, []))) for one in told.checks],
        "days": told.days,
        "bars": trend([score for _day, score in told.days]),
        "worst": [(one, told_rule(one.version.content, titles[one.of_check.dataset_id])) for one in told.worst],
        "unchecked": [one for one in queries.datasets(actor=actor) if one.pk not in checked],
    }
    return render(request, "quality/board.html", context)


@audience(STAFF, SEE)
@require_safe
def dataset(request: HttpRequest, quality_dataset_id: UUID) -> HttpResponse:
    return dataset_page(request, quality_dataset_id)


def dataset_page(request: HttpRequest, dataset_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.dataset(actor=actor, dataset_id=dataset_id)
    checks, titles = queries.checks_of(actor=actor, dataset_id=dataset_id), queries.titles_of(dataset_id)
    done = [each for each in reversed(checks) if each.score is not None]
    context = {
        "dataset": one,
        "rules": [
            (rule, version, told_rule(version.content, titles), LEVEL[version.content["severity"]], DIMENSION[version.content["dimension"]])
            for rule, version in queries.asked(dataset_id)
        ],
        "checks": checks,
        "waiting": any(each.state == Check.State.WAITING for each in checks),
        "level": level(done[-1].score) if done else "",
        "newest": done[-1] if done else None,
        "six": [(word, done[-1].dimensions.get(name), level(done[-1].dimensions.get(name))) for name, word in DIMENSION.items()]
        if done
        else [],
        "days": [(each.ended_at, each.score) for each in done],
        "bars": trend([each.score for each in done]),
        "manages": may(actor, MANAGE, department_id=one.department_id),
        "error": error,
    }  # fmt: skip
    return render(request, "quality/dataset.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_POST
def ask(request: HttpRequest, quality_dataset_id: UUID) -> HttpResponse:
    try:
        made = actions.ask_check(actor=request.actor, dataset_id=quality_dataset_id)  # type: ignore[attr-defined]
    except TOLD as error:
        return dataset_page(request, quality_dataset_id, error)
    return redirect("console-quality-check", made.pk)


@audience(STAFF, SEE)
@require_safe
def check(request: HttpRequest, quality_check_id: UUID) -> HttpResponse:
    """While it waits the page asks again every two seconds."""
    return check_page(request, quality_check_id)


def check_page(
    request: HttpRequest, check_id: UUID, error: TongbanError | None = None, shown: tuple[Any, list[Any]] | None = None
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.check(actor=actor, check_id=check_id)
    titles, findings = queries.titles_of(one.dataset_id), queries.findings_of(one)
    tickets = queries.open_tickets_of(each.rule_id for each in findings)
    context = {
        "check": one,
        "level": level(one.score),
        "six": [(word, one.dimensions.get(name), level(one.dimensions.get(name))) for name, word in DIMENSION.items()],
        "findings": [
            (
                each,
                told_rule(each.version.content, titles),
                LEVEL[each.severity],
                DIMENSION[each.dimension],
                bool(each.rows or not one.rows),  # else it could not be asked
                tickets.get(each.rule_id),
            )
            for each in findings
        ],
        "sees_rows": may(actor, MANAGE, department_id=one.department_id),
        "handles": may(actor, HANDLE, department_id=one.department_id),
        "shown": shown[0] if shown else None,
        "ungraded": queries.ungraded_titles(one.dataset_id) if shown else [],
        **(told_rows(titles, shown[1]) if shown else {}),
        "error": error,
    }  # fmt: skip
    answer = render(request, "quality/check.html", context, status=error.status if error else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@audience(STAFF, MANAGE)
@require_POST
def rows(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """The rows that offended; each look is a fact."""
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.finding(actor=actor, finding_id=finding_id, verb=MANAGE)
    return check_page(request, one.of_check_id, shown=(one, actions.show_rows(actor=actor, finding_id=finding_id)))


@audience(STAFF, MANAGE)
@require_POST
def export(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """The same rows as a file; a fact, and only after proving who one is."""
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.finding(actor=actor, finding_id=finding_id, verb=MANAGE)
    found = actions.export_rows(actor=actor, finding_id=finding_id)
    told = told_rows(queries.titles_of(one.rule.dataset_id), found)
    name = _("%(dataset)s 规则%(number)s 有问题的行.csv") % {"dataset": one.of_check.title, "number": one.rule.number}
    lines = [["" if value is None else str(value) for value in line] for line in [told["titles"], *told["rows"]]]
    return csv_answer(name, lines)


@audience(STAFF, HANDLE)
@require_POST
def send(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """A ticket for it."""
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.finding(actor=actor, finding_id=finding_id, verb=HANDLE)
    try:
        ticket = actions.send(actor=actor, finding_id=finding_id)
    except TOLD as error:
        return check_page(request, one.of_check_id, error)
    messages.success(request, _("工单已派出。"))
    return redirect("console-quality-ticket", ticket.pk)


urlpatterns = [
    path("console/quality/", board, name="console-quality"),
    path("console/quality/datasets/<uuid:quality_dataset_id>/", dataset, name="console-quality-dataset"),
    path("console/quality/datasets/<uuid:quality_dataset_id>/check/", ask, name="console-quality-ask"),
    path("console/quality/checks/<uuid:quality_check_id>/", check, name="console-quality-check"),
    path("console/quality/findings/<uuid:finding_id>/rows/", rows, name="console-quality-rows"),
    path("console/quality/findings/<uuid:finding_id>/rows.csv", export, name="console-quality-export"),
    path("console/quality/findings/<uuid:finding_id>/send/", send, name="console-quality-send"),
]
