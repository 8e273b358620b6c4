"""Looking standards up: lists, one of them in any of its versions, what two versions differ in, codes as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.data.lake.queries import datasets_of
from tongban.data.standards import queries
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.queries import BIND, REVIEW, SEE, WRITE
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .words import FIELDS, KINDS, STATE_TAGS, TYPES


@audience(STAFF, SEE)
@require_safe
def code_sets(request: HttpRequest) -> HttpResponse:
    return _list(request, "code_set")


@audience(STAFF, SEE)
@require_safe
def elements(request: HttpRequest) -> HttpResponse:
    return _list(request, "element")


def _list(request: HttpRequest, kind: str) -> HttpResponse:
    actor, words = request.actor, request.GET.get("q", "").strip()[:100]  # type: ignore[attr-defined]
    page = queries.standards(actor=actor, kind=kind, words=words, cursor=request.GET.get("cursor", ""))
    context = {
        "kind": kind,
        "title": KINDS[kind],
        "words": words,
        "page": page,
        "rows": [(one, _newest(one)) for one in page],
        "waiting": queries.to_review(actor=actor) if REVIEW in actor.grants else [],
        "writes": WRITE in actor.grants,
        "tags": STATE_TAGS,
        "types": TYPES,
    }
    return render(request, "standards/list.html", context)


def _newest(one: Standard) -> Version | None:
    """The newest version that was published, else the newest."""
    versions = sorted(one.versions.all(), key=lambda version: (version.status == "published", version.version))
    return versions[-1] if versions else None


@audience(STAFF, SEE)
@require_safe
def standard(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    return standard_page(request, standard_id)


def standard_page(request: HttpRequest, standard_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    """One standard in the version asked for, else the one that holds, else the newest."""
    actor = request.actor  # type: ignore[attr-defined]
    versions = queries.versions_of(actor=actor, standard_id=standard_id)
    one, shown = queries.standard(actor=actor, standard_id=standard_id), _asked(request, standard_id, versions)
    words = request.GET.get("q", "").strip()[:100]
    is_set = one.kind == Standard.Kind.CODE_SET
    page = (
        queries.values_page(actor=actor, version_id=shown.pk, words=words, cursor=request.GET.get("cursor", ""))
        if is_set
        else None
    )
    context = {
        "standard": one,
        "kind_name": KINDS[one.kind],
        "is_set": is_set,
        "versions": versions,
        "shown": shown,
        "fields": told_fields(shown.content),
        "page": page,
        "words": words,
        "names": staff_names({who for v in versions for who in (v.drafted_by, v.reviewed_by) if who}),
        "tags": STATE_TAGS,
        "bindings": queries.bindings_of(actor=actor, standard_id=one.pk),
        "history": _history(one),
        "columns": _columns(actor)
        if BIND in actor.grants and any(v.status == Version.Status.PUBLISHED for v in versions)
        else [],
        "writes": WRITE in actor.grants,
        "reviews": REVIEW in actor.grants,
        "is_own": shown.drafted_by in actor.names if shown.drafted_by else False,
        "has_open": any(v.status in ("draft", "in_review") for v in versions),
        "error": error,
    }
    return render(request, "standards/standard.html", context, status=error.status if error else 200)


def _history(one: Standard) -> list[tuple[Any, str]]:
    """What was bound and parted, each with who did it."""
    facts = queries.binding_facts(one.pk)
    names = staff_names({fact.actor_id for fact in facts if fact.actor_id})
    return [(fact, names.get(fact.actor_id, _("系统"))) for fact in facts]


def _asked(request: HttpRequest, standard_id: UUID, versions: list[Version]) -> Version:
    number = request.GET.get("version", "")
    for one in versions:
        if str(one.version) == number:
            return one
    found = queries.holding(standard_id) or next(iter(versions), None)
    if found is None:
        raise NotFound
    return found


def _columns(actor: Any) -> list[tuple[str, str]]:
    """`<dataset>/<column>` and its words, of the datasets the actor may bind."""
    return [
        (f"{one.pk}/{name}", f"{one.title} · {name}")
        for one in datasets_of(actor=actor, verb=BIND)
        for name in one.names
    ]


def told_fields(content: dict[str, str]) -> list[tuple[Any, Any]]:
    """What a version says of itself, in the order of its form."""
    known = [(name, content[name]) for name in FIELDS if content.get(name)]
    return [(FIELDS[name], TYPES.get(value, value) if name == "data_type" else value) for name, value in known]


@audience(STAFF, SEE)
@require_safe
def compare(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """What two versions differ in; unless told, the newest and the one before it."""
    actor = request.actor  # type: ignore[attr-defined]
    versions = queries.versions_of(actor=actor, standard_id=standard_id)
    by_number = {str(one.version): one for one in versions}
    new = by_number.get(request.GET.get("new", ""), versions[0])
    old = by_number.get(request.GET.get("old", ""), versions[min(1, len(versions) - 1)])
    told = queries.differences(actor=actor, old_id=old.pk, new_id=new.pk)
    context = {
        "standard": new.standard,
        "versions": versions,
        "old": old,
        "new": new,
        "told": told,
        "fields": [(FIELDS.get(name, name), was, now) for name, was, now in told.fields],
    }
    return render(request, "standards/compare.html", context)


@audience(STAFF, SEE)
@require_safe
def export(request: HttpRequest, standard_version_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.version(actor=actor, version_id=standard_version_id)
    answer = HttpResponse(queries.values_file(actor=actor, version_id=one.pk), content_type="text/csv; charset=utf-8")
    name = f"{one.standard.key} {one.standard.name} v{one.version}.csv".replace("/", "")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


urlpatterns = [
    path("console/standards/", code_sets, name="console-standards"),
    path("console/standards/elements/", elements, name="console-standards-elements"),
    path("console/standards/<uuid:standard_id>/", standard, name="console-standard"),
    path("console/standards/<uuid:standard_id>/compare/", compare, name="console-standard-compare"),
    path("console/standards/versions/<uuid:standard_version_id>/codes.csv", export, name="console-standard-export"),
]
