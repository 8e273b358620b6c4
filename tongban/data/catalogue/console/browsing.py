"""The catalogue for all staff: found by words and facets, read entry by entry, compared version by version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.data.catalogue.models import Entry, Version
from tongban.data.catalogue.queries.entries import (
    FACETS,
    WRITE,
    Filters,
    catalogue_page,
    differences,
    entry_for,
    facets,
    item_names,
    open_draft,
    open_review,
    reviews_of,
    told_fields,
    told_items,
    version_for,
    versions_of,
    works_on,
)
from tongban.data.catalogue.queries.lists import is_overdue
from tongban.data.catalogue.queries.tables import spoken_tables
from tongban.data.catalogue.rules import lifecycle
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.pages import STAFF, audience

TITLES = {
    "department": gettext_lazy("提供部门"),
    "share_type": gettext_lazy("共享类型"),
    "open_type": gettext_lazy("开放类型"),
    "cycle": gettext_lazy("更新周期"),
    "domain": gettext_lazy("所属领域"),
    "top_class": gettext_lazy("资源分类"),
    "grade": gettext_lazy("数据分级"),
    "format": gettext_lazy("格式"),
}


def filters_of(request: HttpRequest) -> Filters:
    typed = request.GET
    kind = typed.get("kind", "")
    return Filters(
        text=typed.get("q", "").strip()[:100],
        kind=kind if kind in Entry.Kind.values else Entry.Kind.RESOURCE,
        department=typed.get("department", "")[:40],
        chosen={name: typed.get(name, "")[:20] for name in FACETS},
    )


@audience(STAFF)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is published, narrowed by words and facets."""
    actor, filters = request.actor, filters_of(request)  # type: ignore[attr-defined]
    page = catalogue_page(actor, filters, cursor=request.GET.get("cursor", ""))
    counted = facets(actor, filters)
    chosen = {"department": filters.department, **filters.chosen}
    context = {
        "page": page,
        "entries": [(entry, _marks(entry)) for entry in page],
        "filters": filters,
        "total": sum(count for _value, _name, count in counted["department"]),
        "facets": [(name, TITLES[name], counted[name], chosen[name]) for name in TITLES if counted[name]],
    }
    return render(request, "catalogue/catalogue.html", context)


def _marks(entry: Entry) -> list[str]:
    tables = spoken_tables()
    values = (
        ("share_type", entry.share_type),
        ("open_type", entry.open_type),
        ("cycle", entry.cycle),
        ("grade", entry.grade),
    )
    return [tables[key].get(value, value) for key, value in values if value]


@audience(STAFF)
@require_safe
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry: the version that holds; for its own people also the draft and what may be done."""
    return entry_page(request, entry_for(request.actor, entry_id))  # type: ignore[attr-defined]


def entry_page(request: HttpRequest, found: Entry, error: Any = None, typed: Any = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    draft, is_ours = open_draft(found), works_on(actor, found)
    held = found.published if found.life in lifecycle.SEEN_BY_ALL else None
    version = held or draft or found.versions.order_by("-number").first()
    assert version is not None  # an entry is made with its first version
    reviews = reviews_of(actor, found)
    writes = may(actor, WRITE, department_id=found.department_id)
    waiting = open_review(found) if is_ours else None
    context = {
        "entry": found,
        "version": version,
        **_read(found, version),
        "versions": versions_of(actor, found),
        "draft": draft if is_ours else None,
        "reviews": reviews,
        "names": staff_names(
            {one for row in reviews for one in (row.asked_by, row.department_by, row.platform_by) if one}
        ),
        "open_review": waiting,
        "writes": writes,
        "may_withdraw": writes and not waiting and found.life in (lifecycle.PUBLISHED, lifecycle.STAYS),
        "overdue": is_overdue(found),
        "error": error,
        "typed": typed,
    }
    return render(request, "catalogue/entry.html", context, status=error.status if error else 200)


def _read(found: Entry, version: Version) -> dict[str, Any]:
    """A text in words, in its groups; the items that feed it stand apart, by their names."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for group, title, text in told_fields(found.kind, version.content | {"item_results": []}):
        groups.setdefault(group, []).append((title, text))
    lines = version.content.get("item_results", [])
    codes = [line.partition(":")[0] for line in lines]
    names = item_names(codes) if codes else {}
    return {
        "groups": list(groups.items()),
        "items": told_items(version.content),
        "feeding": [
            (code, names.get(code, code), line.partition(":")[2]) for code, line in zip(codes, lines, strict=True)
        ],
    }


@audience(STAFF)
@require_safe
def version(request: HttpRequest, entry_id: UUID, number: int) -> HttpResponse:
    """One version, and how it differs from another (the one before it, unless another is named)."""
    actor = request.actor  # type: ignore[attr-defined]
    found = entry_for(actor, entry_id)
    shown, others = version_for(actor, found, number), versions_of(actor, found)
    asked = request.GET.get("with", "")
    older = next((one for one in others if str(one.number) == asked), None) or next(
        (one for one in others if one.number < number and one.status == Version.Status.PUBLISHED), None
    )
    context = {
        "entry": found,
        "version": shown,
        "others": [one for one in others if one.number != number],
        "older": older,
        "changes": differences(found.kind, older.content, shown.content) if older else [],
        **_read(found, shown),
        "here": _("第%(number)s版") % {"number": number},
    }
    return render(request, "catalogue/version.html", context)


urlpatterns = [
    path("console/catalogue/", catalogue, name="console-catalogue"),
    path("console/catalogue/<uuid:entry_id>/", entry, name="console-catalogue-entry"),
    path("console/catalogue/<uuid:entry_id>/versions/<int:number>/", version, name="console-catalogue-version"),
]
