"""A steward's desk: his department's entries, their forms, their data items, and what is done with a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.data.catalogue.actions import (
    ask_withdrawal,
    begin_entry,
    drop_draft,
    grade_as_suggested,
    hand_in,
    revise,
    write,
)
from tongban.data.catalogue.actions.drafts import tidied
from tongban.data.catalogue.errors import ChangedMeanwhile
from tongban.data.catalogue.models import Entry, Version
from tongban.data.catalogue.queries.checking import faults_of, reasons
from tongban.data.catalogue.queries.entries import (
    WRITE,
    differences,
    entry_for,
    item_results,
    low_items,
    open_draft,
    open_review,
    own_entries,
    systems_of,
    told_items,
)
from tongban.data.catalogue.queries.tables import spoken_tables
from tongban.data.catalogue.rules.fields import FIELDS, ITEM, ITEM_DEFAULTS, Field
from tongban.foundation.kernel.errors import Conflict, NotFound, Reason, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed

from .browsing import entry_page

FRESH = "new"
SPARE = 2  # empty lines under a list


@audience(STAFF, WRITE)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All entries of one's department, the newest first."""
    text, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    kind = kind if kind in Entry.Kind.values else ""
    page = own_entries(request.actor, kind=kind, text=text, cursor=request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    return render(
        request, "catalogue/mine.html", {"page": page, "text": text, "kind": kind, "kinds": Entry.Kind.choices}
    )


@audience(STAFF, WRITE)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    actor = request.actor  # type: ignore[attr-defined]
    if kind not in Entry.Kind.values:
        raise NotFound
    version = begin_entry(actor=actor, kind=kind, department_id=actor.department_id)
    return redirect("console-catalogue-edit", version.entry_id)


def _draft(request: HttpRequest, entry_id: UUID) -> tuple[Entry, Version]:
    """The entry and its draft that may be written in; one under review is not."""
    entry = entry_for(request.actor, entry_id)  # type: ignore[attr-defined]
    draft = open_draft(entry)
    if draft is None or entry.department_id != request.actor.department_id:  # type: ignore[attr-defined]
        raise NotFound
    return entry, draft


@audience(STAFF, WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The form of an entry. A refusal keeps everything typed."""
    entry, draft = _draft(request, entry_id)
    if request.method != "POST":
        return _form(request, entry, draft, draft.content)
    content = typed_content(FIELDS[entry.kind], request.POST)
    try:
        write(
            actor=request.actor, entry_id=entry.pk, content=content, revision=_revision(request.POST),  # type: ignore[attr-defined]
            note=request.POST.get("note", ""), changed_on=day_typed(request.POST.get("changed_on", "")),
        )  # fmt: skip
    except Conflict as error:
        return _form(request, entry, draft, draft.content | content, error)
    messages.success(request, _("已保存。"))
    return redirect("console-catalogue-edit", entry.pk)


def _revision(typed: QueryDict) -> int | None:
    text = typed.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def typed_content(fields: tuple[Field, ...], typed: QueryDict) -> dict[str, Any]:
    return {one.name: typed.getlist(one.name) if one.is_list else typed.get(one.name, "") for one in fields}


def _form(
    request: HttpRequest, entry: Entry, draft: Version, content: Mapping[str, Any], error: TongbanError | None = None
) -> HttpResponse:
    found = reasons(
        entry.kind,
        faults_of(entry.kind, draft.content, fixed_code=entry.code if entry.published_id else ""),
        draft.content,
    )
    by_field: dict[str, list[str]] = {}
    for reason in found if draft.revision > 1 else []:
        by_field.setdefault(reason.field, []).append(str(reason.text))
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of_form(FIELDS[entry.kind], content, by_field):
        groups.setdefault(_(row["field"].group) if row["field"].group else "", []).append(row)
    context = {
        "entry": entry,
        "draft": draft,
        "groups": list(groups.items()),
        "items": told_items(draft.content),
        "low": {one["key"] for one in low_items(draft.content)},
        "item_faults": {reason.field.split(".")[1] for reason in found if reason.field.startswith("items.")},
        "found": found,
        "open_review": open_review(entry),
        "meanwhile": _meanwhile(entry.kind, draft.content, tidied(entry.kind, content), error),
        "in_review": draft.status == Version.Status.IN_REVIEW,
        "results": item_results() if entry.kind == Entry.Kind.RESOURCE else [],
        "systems": systems_of(entry.department_id),
        "fresh": FRESH,
        "error": error,
    }
    return render(request, "catalogue/edit.html", context, status=error.status if error else 200)


def _meanwhile(
    kind: str, saved: Mapping[str, Any], typed: Mapping[str, Any], error: TongbanError | None
) -> list[tuple[str, str, str]]:
    """What was saved while somebody wrote, beside what he wrote: so that he sees what his own would put away."""
    return differences(kind, saved, typed) if isinstance(error, ChangedMeanwhile) else []


def rows_of_form(
    fields: tuple[Field, ...], content: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """One row a control: its field, what it holds, what may be chosen, what is wrong with it."""
    tables = spoken_tables()
    rows = []
    for one in fields:
        value = content.get(one.name) or one.empty
        options = list(tables.get(one.table, {}).items())
        if one.kind == "list":
            value = [*value, *[""] * SPARE]
        row = {"field": one, "title": _(one.title), "hint": _(one.hint) if one.hint else "", "value": value}
        rows.append(row | {"options": options, "errors": errors.get(one.name, [])})
    return rows


@audience(STAFF, WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, entry_id: UUID, key: str) -> HttpResponse:
    """One data item: written, moved, taken out."""
    entry, draft = _draft(request, entry_id)
    items = draft.content.get("items", [])
    place = next((place for place, one in enumerate(items) if one["key"] == key), None)
    if place is None and key != FRESH:
        raise NotFound
    held = items[place] if place is not None else dict(ITEM_DEFAULTS)
    if request.method != "POST":
        return _item_form(request, entry, draft, key, held)
    typed = typed_content(ITEM, request.POST)
    try:
        content = {"items": _changed(items, place, request.POST.get("act", "save"), typed)}
        write(actor=request.actor, entry_id=entry.pk, content=content, revision=_revision(request.POST))  # type: ignore[attr-defined]
    except Conflict as error:
        meanwhile = _meanwhile("item", held, typed, error)
        return _item_form(request, entry, draft, key, held | typed, error, meanwhile)
    messages.success(request, _("已保存。"))
    if request.POST.get("act") == "another":
        return redirect("console-catalogue-item", entry.pk, FRESH)
    return redirect("console-catalogue-edit", entry.pk)


def _changed(items: list[dict[str, Any]], place: int | None, act: str, typed: dict[str, Any]) -> list[dict[str, Any]]:
    rows = list(items)
    if place is None:
        return [*rows, typed]
    if act == "remove":
        return rows[:place] + rows[place + 1 :]
    rows[place] = typed | {"key": rows[place]["key"]}
    if act in ("up", "down"):
        moved = rows.pop(place)
        rows.insert(max(0, place + (-1 if act == "up" else 1)), moved)
    return rows


def _item_form(
    request: HttpRequest,
    entry: Entry,
    draft: Version,
    key: str,
    held: Mapping[str, Any],
    error: TongbanError | None = None,
    meanwhile: Sequence[tuple[str, str, str]] = (),
) -> HttpResponse:
    prefix = f"items.{key}."
    errors: dict[str, list[str]] = {}
    for reason in reasons(entry.kind, faults_of(entry.kind, draft.content), draft.content):
        if reason.field.startswith(prefix):
            errors.setdefault(reason.field.removeprefix(prefix), []).append(str(reason.text))
    rows = rows_of_form(ITEM, held, errors)
    context = {
        "entry": entry,
        "draft": draft,
        "key": key,
        "is_new": key == FRESH,
        "rows": rows,
        "held": held,
        "meanwhile": meanwhile,
        "error": error,
    }
    return render(request, "catalogue/item.html", context, status=error.status if error else 200)


def _withdraw(request: HttpRequest, entry_id: UUID) -> str:
    ask_withdrawal(actor=request.actor, entry_id=entry_id, reason=request.POST.get("reason", ""))  # type: ignore[attr-defined]
    return _("已提出撤销，部门和平台审核通过以后生效。")


def _hand_in(request: HttpRequest, entry_id: UUID) -> str:
    hand_in(actor=request.actor, entry_id=entry_id)  # type: ignore[attr-defined]
    return _("已送审：先由部门审核，再由平台审核。")


def _drop(request: HttpRequest, entry_id: UUID) -> str:
    drop_draft(actor=request.actor, entry_id=entry_id)  # type: ignore[attr-defined]
    return _("已放弃草稿。")


def _grade(request: HttpRequest, entry_id: UUID) -> str:
    count = grade_as_suggested(actor=request.actor, entry_id=entry_id)  # type: ignore[attr-defined]
    return _("已按建议调高%(count)s个数据项的分级，送审以前还可以改。") % {"count": count}


def _revise(request: HttpRequest, entry_id: UUID) -> str:
    revise(actor=request.actor, entry_id=entry_id)  # type: ignore[attr-defined]
    return _("可以改了。已发布的那一版照旧，直到新的一版审核通过。")


# What is done, and where one goes then.
DEEDS: dict[str, tuple[Callable[[HttpRequest, UUID], str], str]] = {
    "grade": (_grade, "console-catalogue-edit"),
    "revise": (_revise, "console-catalogue-edit"),
    "hand-in": (_hand_in, "console-catalogue-entry"),
    "withdraw": (_withdraw, "console-catalogue-entry"),
    "drop": (_drop, ""),
}


@audience(STAFF, WRITE)
@require_POST
def deed(request: HttpRequest, entry_id: UUID, deed: str) -> HttpResponse:
    """Revise, hand in, ask to withdraw, give a draft up."""
    found = entry_for(request.actor, entry_id)  # type: ignore[attr-defined]
    if deed not in DEEDS:
        raise NotFound
    do, then = DEEDS[deed]
    try:
        messages.success(request, do(request, found.pk))
    except TongbanError as error:
        if error.status in (401, 403, 404):
            raise
        error.reasons = [
            Reason(one.code, one.text, one.field if one.field == "reason" else "") for one in error.reasons
        ]
        return entry_page(request, found, error, request.POST)
    return redirect(then, found.pk) if then else redirect("console-catalogue-mine")


urlpatterns = [
    path("console/catalogue/mine/", mine, name="console-catalogue-mine"),
    path("console/catalogue/begin/", begin, name="console-catalogue-begin"),
    path("console/catalogue/<uuid:entry_id>/edit/", edit, name="console-catalogue-edit"),
    path("console/catalogue/<uuid:entry_id>/items/<slug:key>/", item, name="console-catalogue-item"),
    path("console/catalogue/<uuid:entry_id>/<slug:deed>/", deed, name="console-catalogue-deed"),
]
