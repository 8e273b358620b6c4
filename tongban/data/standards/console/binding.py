"""Which data items of the catalogue and which columns of datasets are written by which standard: chosen, and parted again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tongban.data.standards import actions, queries
from tongban.data.standards.errors import StandardRefused
from tongban.data.standards.queries import BIND, SEE
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import Reason, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import id_typed

from .browsing import standard_page
from .words import KINDS, TOLD


@audience(STAFF, SEE)
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """Resources, each with how many of its data items are bound."""
    actor, words = request.actor, request.GET.get("q", "").strip()[:100]  # type: ignore[attr-defined]
    page, counts = queries.resources_to_bind(actor=actor, text=words, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "rows": [(one, *counts[one.pk]) for one in page], "words": words, "kind": "binding"}
    return render(request, "standards/resources.html", context)


@audience(STAFF, SEE)
@require_safe
def resource(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    return _page(request, entry_id)


def _page(request: HttpRequest, entry_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    """`?part=1`: only what is bound, as a piece for the page of the resource in the catalogue."""
    actor = request.actor  # type: ignore[attr-defined]
    entry, lines = queries.lines_of_resource(actor=actor, entry_id=entry_id)
    words = request.GET.get("q", "").strip()[:100]
    context = {
        "entry": entry,
        "lines": [one for one in lines if words in one.item.name or words.lower() in one.item.english.lower()],
        "bound": sum(one.binding is not None for one in lines),
        "count": len(lines),
        "words": words,
        "binds": may(actor, BIND, department_id=entry.department_id),
        "standards": [f"{one.key} {one.names[0]}" for one in queries.known_standards() if one.names],
        "kinds": KINDS,
        "kind": "binding",
        "error": error,
    }
    page = "standards/bound.html" if request.GET.get("part") else "standards/resource.html"
    return render(request, page, context, status=error.status if error else 200)


@audience(STAFF, BIND)
@require_POST
def bind(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Every data item beside which a standard was written or chosen; with `take` those alone that are as good as certain."""
    try:
        made = actions.bind_items(actor=request.actor, pairs=_pairs(request, entry_id))  # type: ignore[attr-defined]
    except TOLD as error:
        return _page(request, entry_id, error)
    messages.success(request, ngettext("对照了 %(n)s 个数据项。", "对照了 %(n)s 个数据项。", made) % {"n": made})
    return redirect("console-standard-resource", entry_id)


def _pairs(request: HttpRequest, entry_id: UUID) -> dict[UUID, UUID]:
    _entry, lines = queries.lines_of_resource(actor=request.actor, entry_id=entry_id)  # type: ignore[attr-defined]
    if request.POST.get("take"):
        return {one.item.pk: one.sure.id for one in lines if one.sure}
    known = {
        text: one.id for one in queries.known_standards() for text in (one.key, f"{one.key} {''.join(one.names[:1])}")
    }
    said = {one.item.pk: request.POST.get(f"standard-{one.item.key}", "").strip()[:300] for one in lines}
    said = {item: text for item, text in said.items() if text}
    unknown = [text for text in said.values() if text not in known]
    if unknown or not said:
        told = (
            _("没有“%(said)s”这个标准，请从列出的里面选。") % {"said": unknown[0][:50]}
            if unknown
            else _("请至少选一个标准。")
        )
        raise StandardRefused(reasons=[Reason("standard", told)])
    return {item: known[text] for item, text in said.items()}


@audience(STAFF, BIND)
@require_POST
def part(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """A data item is written by its standard no longer."""
    return _parted(request, "console-standard-resource", entry_id, _page)


@audience(STAFF, BIND)
@require_POST
def bind_column(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """A column of a dataset (`<dataset>/<column>`) is written by a standard."""
    dataset, _slash, column = request.POST.get("column", "").partition("/")
    try:
        actions.bind(actor=request.actor, standard_id=standard_id, dataset_id=id_typed(dataset), column=column[:50])  # type: ignore[attr-defined]
    except TOLD as error:
        return standard_page(request, standard_id, error)
    messages.success(request, _("已对照。"))
    return redirect("console-standard", standard_id)


@audience(STAFF, BIND)
@require_POST
def part_column(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    return _parted(request, "console-standard", standard_id, standard_page)


def _parted(
    request: HttpRequest, back: str, pk: UUID, refused: Callable[[HttpRequest, UUID, TongbanError], HttpResponse]
) -> HttpResponse:
    try:
        actions.unbind(actor=request.actor, binding_id=id_typed(request.POST.get("binding", "")))  # type: ignore[attr-defined]
    except TOLD as error:
        return refused(request, pk, error)
    messages.success(request, _("已解除对照。"))
    return redirect(back, pk)


urlpatterns = [
    path("console/standards/resources/", resources, name="console-standard-resources"),
    path("console/standards/resources/<uuid:entry_id>/", resource, name="console-standard-resource"),
    path("console/standards/resources/<uuid:entry_id>/bind/", bind, name="console-standard-resource-bind"),
    path("console/standards/resources/<uuid:entry_id>/unbind/", part, name="console-standard-resource-unbind"),
    path("console/standards/<uuid:standard_id>/bind/", bind_column, name="console-standard-bind"),
    path("console/standards/<uuid:standard_id>/unbind/", part_column, name="console-standard-unbind"),
]
