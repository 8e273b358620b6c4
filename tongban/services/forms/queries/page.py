"""A form as accessible HTML (fieldset and legend, label, hint, error beside the field), and the same read-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tongban.foundation.files.queries import described
from tongban.foundation.kernel.clock import today
from tongban.services.forms import rules
from tongban.services.forms.rules.structure import plan_of

from .answers import sentence
from .book import Entry
from .offers import Offer
from .places import Places
from .widgets import Builder, Widget


def _errors(faults: list[Any]) -> dict[str, list[str]]:
    by_path: dict[str, list[str]] = {}
    for fault in faults or ():
        text = sentence(fault) if isinstance(fault, rules.Fault) else str(fault.text)
        path = fault.path if isinstance(fault, rules.Fault) else fault.field
        by_path.setdefault(path, []).append(text)
    return by_path


def _places_in(sources: dict[str, Any]) -> list[str]:
    values = [source.get("value") for source in sources.values() if isinstance(source, dict)]
    return [str(value["division"]) for value in values if isinstance(value, dict) and value.get("division")]


def groups_of(
    form: dict[str, Any],
    answers: dict[str, Any],
    faults: list[Any] | None = None,
    sources: dict[str, Any] | None = None,
    *,
    readonly: bool = False,
    context: dict[str, Any] | None = None,
    notes: dict[str, str] | None = None,
    book: list[Entry] | None = None,
    offers: Mapping[str, list[Offer]] | None = None,
) -> list[dict[str, Any]]:
    """The visible groups with their widgets, in the order of the definition."""
    plan = plan_of(form)
    evaluated = rules.evaluate(form, answers, {"today": today().isoformat(), **(context or {})})
    named = [v.get("division") for v in rules.mentioned(form, answers, "address") if isinstance(v, dict)]
    builder = Builder(
        evaluated=evaluated,
        errors=_errors(faults or []),
        sources=sources or {},
        notes=notes or {},
        files=described(v for v in rules.mentioned(form, answers, "file", "signature") if isinstance(v, str)),
        places=Places([str(code) for code in named if code] + _places_in(sources or {})),
        readonly=readonly,
        book=book or [],
        offers=offers or {},
    )
    groups = []
    for group in form.get("groups") or ():
        made = [builder.widget(plan.fields[raw["key"]], raw["key"], answers) for raw in group["fields"]]
        widgets: list[Widget] = [widget for widget in made if widget is not None]
        if widgets:
            groups.append(
                {
                    "key": group["key"],
                    "title": group.get("title", ""),
                    "hint": group.get("hint", ""),
                    "widgets": widgets,
                }
            )
    return groups


def render(
    form: dict[str, Any],
    answers: dict[str, Any],
    faults: list[Any] | None = None,
    sources: dict[str, Any] | None = None,
    readonly: bool = False,
    *,
    context: dict[str, Any] | None = None,
    notes: dict[str, str] | None = None,
    book: list[Entry] | None = None,
    offers: Mapping[str, list[Offer]] | None = None,
) -> SafeString:
    """The fields of a form, to stand inside the page's own `<form enctype="multipart/form-data">`.

    `faults` are ours or the reasons of a refusal; `sources` say where a value came from (`prefill`); `context` holds the
    situation and the applicant's kind; `book` and `offers` the addresses one may take over (`address_book`, `offered`, then `picked`).
    Without script every button is a submit button named `_do`.
    """
    groups = groups_of(
        form, answers, faults, sources, readonly=readonly, context=context, notes=notes, book=book, offers=offers
    )
    template = "forms/summary.html" if readonly else "forms/form.html"
    return render_to_string(template, {"groups": groups, "title": form.get("title", "")})


def summary(
    form: dict[str, Any], answers: dict[str, Any], sources: dict[str, Any] | None = None, **kwargs: Any
) -> SafeString:
    """The answers as a person reads them, for the check page, for staff, and for the archive."""
    return render(form, answers, None, sources, readonly=True, **kwargs)
