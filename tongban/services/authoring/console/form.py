"""The form of an item, put together by dragging or by keyboard: what may be added, the form, everything about the chosen piece."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.foundation.drafting.queries import open_comments
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.errors import FormEditRefused
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.authoring.queries.designer import (
    FORM,
    Chosen,
    canvas_of,
    chosen_of,
    faults_by_place,
    removal_of,
    tests_of,
)
from tongban.services.authoring.queries.terms import NUMBERS, builder_of
from tongban.services.forms.queries import (
    PALETTE,
    TYPE_NAMES,
    Element,
    library,
    outline,
    parts,
    shared_content,
    shared_versions,
)

from .frame import frame

# The palette's drawers, and which types lie in each
DRAWERS = (
    (gettext_lazy("文字和选择"), ("text", "textarea", "radio", "select", "checkboxes", "boolean")),
    (gettext_lazy("日期和数字"), ("date", "date_range", "integer", "number", "money")),
    (gettext_lazy("证件和联系"), ("phone", "email", "id_number", "uscc", "address")),
    (gettext_lazy("成组和其他"), ("repeat", "table", "file", "signature", "notice")),
)
VIEWS = (
    ("phone", gettext_lazy("手机")),
    ("desk", gettext_lazy("电脑")),
    ("counter", gettext_lazy("窗口")),
    ("care", gettext_lazy("关怀版")),
)
DOMAINS = {
    "person": gettext_lazy("个人"),
    "company": gettext_lazy("单位"),
    "contact": gettext_lazy("联系方式"),
    "project": gettext_lazy("项目"),
}
TEXTS = ("text", "textarea")
ROWS = ("repeat", "table")


def _domain(element: Element) -> str:
    return element.code.partition(".")[0]


def palette(request: HttpRequest) -> dict[str, Any]:
    """Everything one may put on a form, in drawers."""
    elements = groupby(sorted(PALETTE, key=lambda e: [*DOMAINS].index(_domain(e))), key=_domain)
    return {
        "drawers": [(title, [(kind, _(TYPE_NAMES[kind])) for kind in kinds]) for title, kinds in DRAWERS],
        "domains": [
            (DOMAINS[domain], [(e, _(e.name), listed(_(name) for name in e.registers)) for e in found])
            for domain, found in elements
        ],
        "shared": library(request.actor),
    }


@audience(STAFF, VERB)
@require_safe
def form(request: HttpRequest, document_id: UUID) -> HttpResponse:
    context = frame(request, document_id, "form")
    content = context["content"]
    context |= palette(request) | {"canvas": canvas_of(request.actor, content), "preview_views": VIEWS}
    context |= _properties(request, context["draft"], chosen_of(content, FORM))
    return render(request, "authoring/form/page.html", context)


def _types() -> list[tuple[str, str]]:
    return [(kind, _(name)) for kind, name in TYPE_NAMES.items()]


@audience(STAFF, VERB)
@require_safe
def canvas(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The pieces as they now stand, asked for after every change."""
    draft = item_draft(request.actor, document_id)
    return render(
        request, "authoring/form/canvas.html", {"draft": draft, "canvas": canvas_of(request.actor, draft.content)}
    )


@audience(STAFF, VERB)
@require_safe
def piece(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Everything about the piece at `?at=`; about the form where nothing stands there."""
    draft = item_draft(request.actor, document_id)
    chosen = chosen_of(draft.content, request.GET.get("at", FORM)) or chosen_of(draft.content, FORM)
    return render(request, "authoring/form/piece.html", _properties(request, draft, chosen))


def _properties(request: HttpRequest, draft: Any, chosen: Chosen | None) -> dict[str, Any]:
    assert chosen is not None
    raw, pointer = chosen.raw, chosen.pointer
    kind = raw.get("type", "")
    need = raw.get("required")
    context: dict[str, Any] = {
        "draft": draft,
        "chosen": chosen,
        "raw": raw,
        "named": raw.get("label") or raw.get("title") or raw.get("key") or _("表单"),
        "types": _types(),
        "elements": [(element.code, _(element.name)) for element in PALETTE],
        "remarks_here": open_comments(request.actor, draft.pk).get(pointer, 0),
        "show_if": builder_of(f"{pointer}/show_if", raw.get("show_if"), chosen.names),
        "required_if": builder_of(f"{pointer}/required", need if isinstance(need, str) else "", chosen.names),
        "needed": "sometimes" if isinstance(need, str) and need else ("always" if need else "never"),
        "is_number": kind in NUMBERS,
        "is_text": kind in TEXTS,
        "is_rows": kind in ROWS,
        "is_date": kind == "date",
        "yuan_min": _yuan(raw.get("min")),
        "yuan_max": _yuan(raw.get("max")),
        "has_options": kind in ("radio", "select", "checkboxes"),
        "checks": [
            (f"{pointer}/checks/{n}", rule, builder_of(f"{pointer}/checks/{n}/expr", rule.get("expr"), chosen.names))
            for n, rule in enumerate(raw.get("checks") or ())
        ],
        "check_fields": [place.raw for place in outline.fields(draft.content) if place.row is None],
    }
    if chosen.kind == "form":
        context["tests"] = tests_of(draft.content)
    return context


def _gone() -> FormEditRefused:
    return FormEditRefused(reasons=[Reason("gone", _("这一项已经被移走或删去了，页面会自动更新。"))])


def _yuan(fen: Any) -> str:
    return f"{fen / 100:.2f}".removesuffix(".00") if isinstance(fen, int | float) else ""


@audience(STAFF, VERB)
@require_safe
def findings(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What is wrong at or below the chosen piece, while its properties stay as they are being typed."""
    draft = item_draft(request.actor, document_id)
    at = request.GET.get("at", FORM)
    texts = [
        text
        for where, found in faults_by_place(draft.content).items()
        for text in found
        if f"{where}/".startswith(f"{at}/")
    ]
    return render(request, "authoring/form/texts.html", {"texts": texts})


@audience(STAFF, VERB)
@require_safe
def removal(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What would go with a piece; asked before it is taken out."""
    draft = item_draft(request.actor, document_id)
    at = request.GET.get("at", "")
    found = removal_of(request.actor, draft.content, at)
    if found is None:
        raise _gone()
    return render(request, "authoring/form/removal.html", {"draft": draft, "removal": found, "at": at})


@audience(STAFF, VERB)
@require_safe
def newer(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What is new in the library since a piece was copied, and what this form changed in its copy."""
    draft = item_draft(request.actor, document_id)
    at = request.GET.get("at", "")
    own = outline.at(draft.content, at) if at.startswith(f"{FORM}/") else None
    if not isinstance(own, dict) or not own.get("origin"):
        raise _gone()
    origin = own["origin"]
    versions = shared_versions(request.actor, origin["key"])
    old = shared_content(request.actor, origin["key"], origin["version"]) or {}
    context = {
        "draft": draft,
        "at": at,
        "newest": versions[0],
        "notes": [row for row in versions if row.version > origin["version"] and row.note],
        "news": [one.say(_) for one in parts.differences(old, versions[0].content)] if old else [],
        "own": [one.say(_) for one in parts.differences(old, parts.as_in_library(own))] if old else [],
    }
    return render(request, "authoring/form/newer.html", context)


HERE = "console/authoring/<uuid:document_id>/form/"
urlpatterns = [
    path(HERE, form, name="authoring-form"),
    path(f"{HERE}canvas/", canvas, name="authoring-form-canvas"),
    path(f"{HERE}piece/", piece, name="authoring-form-piece"),
    path(f"{HERE}texts/", findings, name="authoring-form-texts"),
    path(f"{HERE}removal/", removal, name="authoring-form-removal"),
    path(f"{HERE}newer/", newer, name="authoring-form-newer"),
    path("", include("tongban.services.authoring.console.form_edits")),
    path("", include("tongban.services.authoring.console.form_preview")),
]
