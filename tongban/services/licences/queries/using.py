"""The ledger of uses, and the permissions a holder has given."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotSignedIn
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.licences.models import Copy, Grant, Licence, Use

from .licences import is_holder, own_index

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def ledger_of(actor: Actor, *, licence: Licence | None = None, cursor: str = "", size: int = 20) -> Page:
    """Who used the actor's own licences (one of them), the newest first."""
    if not actor.signed_in:
        raise NotSignedIn
    index = own_index(actor)
    mine = Q(holder_id=actor.applicant_id) if actor.applicant_id else Q(pk=None)
    rows = Use.objects.filter(mine | Q(holder_index=index) if index else mine).select_related("licence__type")
    rows = rows.filter(licence__family_id=licence.family_id) if licence else rows
    rows = rows.defer("licence__record", "licence__fields", "licence__holder_name", "licence__holder_number")
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def uses_by(actor: Actor, *, cursor: str = "", size: int = 20) -> Page:
    """What the actor's department has looked at, the newest first."""
    permit(actor, "licences.look", department_id=actor.department_id)
    rows = Use.objects.filter(department_id=actor.department_id).select_related("licence")
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def grants_of(actor: Actor, family_id: UUID | None = None) -> list[Grant]:
    """The permissions the actor has given, those that still open something first."""
    if not actor.signed_in:
        raise NotSignedIn
    rows = Grant.objects.filter(holder_id=actor.applicant_id) if actor.applicant_id else Grant.objects.none()
    rows = rows.filter(family_id=family_id) if family_id else rows
    return sorted(rows.order_by("-id")[:200], key=lambda grant: not is_live(grant))


def live_grants(department_id: UUID | None, family_ids: Collection[UUID]) -> QuerySet[Grant]:
    """The permissions that open any of these licences to a body today, the latest last."""
    live = Q(taken_back_at=None) & (Q(until_on__gte=today()) | Q(until_on=None, used_at=None))
    return Grant.objects.filter(live, department_id=department_id, family_id__in=family_ids).order_by("made_at")


def copies_of(actor: Actor, licence: Licence) -> list[Copy]:
    """The copies the holder has made of a licence, through all its versions, the newest first."""
    if not is_holder(actor, licence):
        return []
    return list(Copy.objects.filter(licence__family_id=licence.family_id).order_by("-id")[:50])


def is_live(grant: Grant) -> bool:
    """Whether a permission still opens something today."""
    if grant.taken_back_at is not None:
        return False
    return grant.used_at is None if grant.until_on is None else grant.until_on >= today()
