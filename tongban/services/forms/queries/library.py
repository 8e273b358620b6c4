"""What forms of the city share: parts, their versions, what is new in them."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tongban.foundation.kernel.actors import Actor, may
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.services.forms.models import SharedVersion

VERB = "items.manage"
PUBLISHED, IN_REVIEW = SharedVersion.Status.PUBLISHED, SharedVersion.Status.IN_REVIEW


def _may_look(actor: Actor) -> None:
    if actor.scope(VERB) is None:
        raise NotAllowed(verb=VERB)


def _newest() -> QuerySet[SharedVersion]:
    """The newest published version of every part, its part and department loaded. One query."""
    last = SharedVersion.objects.filter(part=OuterRef("part"), status=PUBLISHED).order_by("-version").values("pk")[:1]
    return SharedVersion.objects.filter(pk=Subquery(last)).select_related("part__department").order_by("part__key")


def library(actor: Actor, *, text: str = "", kind: str = "") -> list[SharedVersion]:
    """The newest version of each part whose title, key or content has this text."""
    _may_look(actor)
    rows = _newest()
    if kind:
        rows = rows.filter(part__kind=kind)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(part__key__icontains=text) | Q(content__icontains=text))
    return list(rows)


def shared_versions(actor: Actor, key: str) -> list[SharedVersion]:
    """Every version of a part, newest first, what is in review or was refused included; `NotFound` when there is none."""
    _may_look(actor)
    found = list(SharedVersion.objects.filter(part__key=key).select_related("part__department").order_by("-version"))
    if not found:
        raise NotFound
    return found


def shared_content(actor: Actor, key: str, version: int) -> dict[str, Any] | None:
    """One version's content, or None where the library does not know it (a form from another city)."""
    _may_look(actor)
    found = SharedVersion.objects.filter(part__key=key, version=version).values_list("content", flat=True).first()
    return dict(found) if found is not None else None


def newest_shared(actor: Actor, keys: set[str]) -> dict[str, SharedVersion]:
    """The newest version of each of these parts. One query."""
    _may_look(actor)
    return {row.part.key: row for row in _newest().filter(part__key__in=keys)} if keys else {}


def parts_waiting(actor: Actor) -> list[SharedVersion]:
    """What colleagues put forward for the library and he may take in or refuse. One query."""
    if VERB not in actor.grants:
        return []
    rows = SharedVersion.objects.filter(status=IN_REVIEW).exclude(by__in=actor.names).select_related("part")
    return [row for row in rows.order_by("pk") if may(actor, VERB, department_id=row.part.department_id)]
