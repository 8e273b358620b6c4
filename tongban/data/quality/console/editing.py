"""Writing a rule without code: first of which kind, then its columns and limits; tried on the rows there are before it is saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.data.lake.queries import datasets
from tongban.data.quality import actions, queries
from tongban.data.quality.queries import MANAGE, SEE
from tongban.data.quality.rules import DIMENSIONS, ENDS, KINDS, NEEDED, OPERATORS, PATTERNS, trend
from tongban.data.standards.queries import set_keys
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed

from .words import DIGITS, DIMENSION, FIELD, HINT, KIND, LABELS, LEVEL, PAIR, PATTERN, SEVERITY, SIGNS, TOLD, told_rule

WHOLE = {"operator": [(sign, SIGNS.get(sign, sign)) for sign in OPERATORS], "digits": list(DIGITS.items())}


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, quality_dataset_id: UUID) -> HttpResponse:
    """Of which kind, then the form."""
    kind = (request.POST or request.GET).get("kind", "")
    one = queries.dataset(actor=request.actor, dataset_id=quality_dataset_id, verb=MANAGE)  # type: ignore[attr-defined]
    if kind not in KINDS:
        kinds = [
            (
                DIMENSION[dimension],
                [(name, KIND[name], HINT.get(name, "")) for name in KINDS if KINDS[name][0] == dimension],
            )
            for dimension in DIMENSIONS
        ]
        return render(request, "quality/kinds.html", {"dataset": one, "kinds": kinds})
    return _edited(request, one, kind, None)


@audience(STAFF, SEE)
@require_safe
def show(request: HttpRequest, quality_rule_id: UUID) -> HttpResponse:
    """What a rule asks, what it found check by check, its versions and tickets."""
    actor = request.actor  # type: ignore[attr-defined]
    rule = queries.rule(actor=actor, rule_id=quality_rule_id)
    one = queries.dataset(actor=actor, dataset_id=rule.dataset_id)
    versions, found = queries.versions_of(rule), queries.findings_over(rule)
    titles = queries.titles_of(one.pk)
    shares = [(each, round(100 - 100 * each.bad / each.rows, 2) if each.rows else None) for each in found]
    context = {
        "rule": rule,
        "dataset": one,
        "newest": versions[0],
        "told": told_rule(versions[0].content, titles),
        "level": LEVEL[versions[0].content["severity"]],
        "dimension": DIMENSION[versions[0].content["dimension"]],
        "fits": queries.fits(versions[0].content["spec"], one.names),
        "found": list(reversed(shares)),
        "days": [(each.of_check.ended_at, share) for each, share in shares],
        "bars": trend([share for _each, share in shares]),
        "versions": [(each, told_rule(each.content, titles)) for each in versions],
        "tickets": queries.tickets_of(rule),
        "manages": may(actor, MANAGE, department_id=one.department_id),
    }
    return render(request, "quality/asked.html", context)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, quality_rule_id: UUID) -> HttpResponse:
    """The next version of a rule; those before it stay."""
    actor = request.actor  # type: ignore[attr-defined]
    rule = queries.rule(actor=actor, rule_id=quality_rule_id, verb=MANAGE)
    one = queries.dataset(actor=actor, dataset_id=rule.dataset_id, verb=MANAGE)
    return _edited(request, one, queries.versions_of(rule)[0].content["spec"]["kind"], rule)


def _edited(request: HttpRequest, one: Any, kind: str, rule: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _form(request, one, kind, rule, queries.versions_of(rule)[0].content if rule else {})
    content = _said(request.POST, kind)
    if request.POST.get("act") == "try":
        return _tried(request, one, content)
    try:
        actions.save_rule(
            actor=actor, dataset_id=one.pk, content=content, rule_id=rule.pk if rule else None,
            effective_on=day_typed(request.POST.get("effective_on", "")), seen=_seen(request.POST.get("seen", "")) if rule else None,
        )  # fmt: skip
    except TOLD as error:
        return _form(request, one, kind, rule, content, error)
    messages.success(request, _("规则已保存，从施行那天起按它检查。"))
    return redirect("console-quality-dataset", one.pk)


def _said(typed: QueryDict, kind: str) -> dict[str, Any]:
    """What was typed, as a rule's content; a pattern by its name is the pattern."""
    spec: dict[str, Any] = {"kind": kind, "columns": [name[:50] for name in typed.getlist("columns") if name][:20]}
    spec |= {name: said for name in _fields(kind) if (said := typed.get(name, "").strip()[:300])}
    if typed.get("pattern_name", "") in PATTERNS and not spec.get("pattern"):
        spec["pattern"] = PATTERNS[str(typed["pattern_name"])]
    told = {name: typed.get(name, "").strip()[:200] for name in ("title", "severity", "dimension")}
    return {**told, "spec": spec}


def _fields(kind: str) -> list[str]:
    """What is asked beside the columns."""
    return [
        *NEEDED.get(kind, ()),
        *(("least", "most") if kind in ENDS else ()),
        *(("value",) if kind == "needs" else ()),
    ]


def _seen(typed: str) -> int:
    """The version a form was opened with; what is none is none that there ever was."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 0


def _form(
    request: HttpRequest, one: Any, kind: str, rule: Any, content: dict[str, Any], error: TongbanError | None = None
) -> HttpResponse:
    spec, said = content.get("spec", {}), error.fields if error else {}
    titles, (dimension, least, most) = queries.titles_of(one.pk), KINDS[kind]
    there = {each.key: each for each in datasets() if each.pk != one.pk}
    other = there.get(request.GET.get("dataset", "") or spec.get("dataset", "")) or next(iter(there.values()), None)
    theirs = list(queries.titles_of(other.pk).items()) if other else []
    choices = {
        **WHOLE,
        "code_set": [(key, f"{key} {name}") for key, name in set_keys().items()],
        "dataset": [(key, f"{each.title}（{each.department.short_name}）") for key, each in there.items()],
        "their_key": theirs,
        "their_column": theirs,
    }
    spec = spec | ({"dataset": other.key} if other and "dataset" in NEEDED.get(kind, ()) else {})
    common = next((name for name, text in PATTERNS.items() if text == spec.get("pattern")), "")
    asked = spec | ({"pattern": ""} if common else {})
    context = {
        "dataset": one,
        "kind": kind,
        "kind_word": KIND[kind],
        "kind_hint": HINT.get(kind, ""),
        "rule": rule,
        "seen": request.POST.get("seen", "") or (queries.versions_of(rule)[0].version if rule else ""),
        "content": {"severity": "error", "dimension": dimension} | content,
        "severities": list(SEVERITY.items()),
        "dimensions": list(DIMENSION.items()),
        "columns": list(titles.items()) if most else [],
        "chosen": spec.get("columns", []),
        "pair": _pair(kind, spec.get("columns", [])) if least == most else [],
        "patterns": list(PATTERN.items()) if kind == "format" else [],
        "pattern_name": common,
        "fields": [
            {"name": name, "label": FIELD[name], "value": asked.get(name, ""), "errors": said.get(name), "choices": choices.get(name),
             "optional": name in ("least", "most", "value", "pattern")}
            for name in _fields(kind)
        ],
        "said": said,
        "effective_on": request.POST.get("effective_on", str(today())),
        "error": error.named(LABELS) if error else None,
    }  # fmt: skip
    return render(request, "quality/rule.html", context, status=error.status if error else 200)


def _pair(kind: str, chosen: list[str]) -> list[tuple[Any, str]]:
    """Of a kind that is about so many columns and no more: what each is for, and which was chosen."""
    labels = PAIR.get(kind, (_("看哪一列"),))[: KINDS[kind][1]]
    return list(zip(labels, [*chosen, "", ""], strict=False))


def _tried(request: HttpRequest, one: Any, content: dict[str, Any]) -> HttpResponse:
    """A piece of the page: what it would find now."""
    actor, error, rows, bad = request.actor, None, 0, 0  # type: ignore[attr-defined]
    found: list[dict[str, Any]] = []
    try:
        rows, bad, found = actions.preview(
            actor=actor, dataset_id=one.pk, content={**content, "title": content["title"] or "-"}
        )
    except TOLD as refusal:
        error = refusal
    titles = queries.titles_of(one.pk)
    shown = actions.masked(actor, one.pk, found)
    context = {
        "error": error.named(LABELS) if error else None,
        "count": rows,
        "bad": bad,
        "titles": list(titles.values()),
        "rows": [[row.get(name) for name in titles] for row in shown],
        "ungraded": queries.ungraded_titles(one.pk) if shown else [],
    }
    answer = render(request, "quality/tried.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@audience(STAFF, MANAGE)
@require_POST
def end(request: HttpRequest, quality_rule_id: UUID) -> HttpResponse:
    rule = actions.end_rule(actor=request.actor, rule_id=quality_rule_id)  # type: ignore[attr-defined]
    messages.success(request, _("这条规则停用了，以前查出来的还在。"))
    return redirect("console-quality-dataset", rule.dataset_id)


urlpatterns = [
    path("console/quality/datasets/<uuid:quality_dataset_id>/rules/new/", new, name="console-quality-new-rule"),
    path("console/quality/rules/<uuid:quality_rule_id>/", show, name="console-quality-rule"),
    path("console/quality/rules/<uuid:quality_rule_id>/edit/", edit, name="console-quality-edit-rule"),
    path("console/quality/rules/<uuid:quality_rule_id>/end/", end, name="console-quality-end-rule"),
]
