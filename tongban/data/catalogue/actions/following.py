"""What is told from outside: the gathering room says which resources come in; grounds for not sharing fall due."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.data.catalogue.models import Entry
from tongban.data.catalogue.rules.lifecycle import SEEN_BY_ALL
from tongban.foundation.audit.actions import record
from tongban.foundation.identity.queries import staff_who_may
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.notifications.actions import tell_reviewers

from .drafts import WRITE, locked
from .reviews import platform_staff

AHEAD, AGAIN = timedelta(days=30), timedelta(days=7)  # warned a month before, then each week


@transaction.atomic
def note_gathered(*, actor: Actor, resource_id: UUID, at: datetime, follows_daily: bool) -> Entry:
    """The newest batch of a resource came in, and whether it follows its source within a day (T+1)."""
    permit(actor, "catalogue.note_gathered")
    entry = locked(resource_id)
    changed = entry.gathered_at is None or entry.follows_daily != follows_daily
    entry.gathered_at, entry.follows_daily = at, follows_daily
    entry.save(update_fields=["gathered_at", "follows_daily"])
    if changed:
        record("catalogue.gathered", actor=actor, subject=entry, data={"follows_daily": follows_daily})
    return entry


@transaction.atomic
def warn_of_grounds() -> int:
    """Tell stewards and the platform whose grounds for not sharing are to be looked at again; how many were told of."""
    day = today()
    due = Entry.objects.filter(life__in=SEEN_BY_ALL, review_on__lte=day + AHEAD)
    due = due.filter(Q(warned_on=None) | Q(warned_on__lte=day - AGAIN))
    platform, told = platform_staff(), 0
    for entry in due.select_for_update(skip_locked=True).order_by("pk"):
        staff = {account for account, _name in [*staff_who_may(entry.department_id, WRITE), *platform]}
        tell_reviewers(
            reviewers=staff, who=_("数据目录"), what=str(entry.get_kind_display()), title=entry.name,
            deed=_("复核不予共享的依据"), subject=entry, link=f"/console/catalogue/{entry.pk}/",
        )  # fmt: skip
        entry.warned_on = day
        entry.save(update_fields=["warned_on"])
        told += 1
    return told
