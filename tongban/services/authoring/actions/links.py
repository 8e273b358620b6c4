"""Trying the addresses written in drafts and in published items."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tongban.foundation.drafting.queries import content_for_task, contents_under_way
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.later import defer
from tongban.services.authoring.gateways import fault_of
from tongban.services.authoring.models import LinkCheck
from tongban.services.authoring.queries import KIND, item_draft
from tongban.services.authoring.rules import OFFLINE, is_cut_off, urls_in
from tongban.services.items.queries import in_force_items

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

FRESH = timedelta(hours=1)
LONGEST_S = 900.0  # of one night
MOST = 100  # addresses of one draft; a definition has a dozen


@transaction.atomic
def ask_for_link_check(*, actor: Actor, draft_id: UUID) -> None:
    """Have every address of the draft tried soon. It changes nothing of the draft, so it is no fact."""
    draft = item_draft(actor, draft_id)
    defer("authoring.check_links", draft_id=draft.pk)


def check_links(draft_id: UUID) -> int:
    """Try each address not tried within the hour; answers how many were. No transaction is open while one waits."""
    return _try(sorted(set(urls_in(content_for_task(draft_id)).values()))[:MOST])


def check_all_links() -> int:
    """Each night: the addresses of all items in force and of all drafts under way, those tried longest ago first, for at
    most a quarter of an hour; answers how many were tried. What was left is first in line the night after."""
    contents = [version.content for version in in_force_items()] + contents_under_way(KIND)
    urls = {url for content in contents for url in urls_in(content).values()}
    LinkCheck.objects.exclude(url__in=urls).delete()
    known = dict(LinkCheck.objects.values_list("url", "checked_at"))
    return _try(sorted(urls, key=lambda url: (known[url].timestamp() if url in known else 0.0, url)), LONGEST_S)


def _try(urls: list[str], seconds: float = 300.0) -> int:
    fresh = set(LinkCheck.objects.filter(url__in=urls, checked_at__gt=now() - FRESH).values_list("url", flat=True))
    until, faults = time.monotonic() + seconds, {}
    for url in urls:
        if url not in fresh and time.monotonic() < until:
            faults[url] = fault_of(url)
    if is_cut_off(faults.values()) and not _reached_lately():
        faults = dict.fromkeys(faults, OFFLINE)
    for url, fault in faults.items():
        LinkCheck.objects.update_or_create(url=url, defaults={"fault": fault, "checked_at": now()})
    return len(faults)


def _reached_lately() -> bool:
    """Whether any address answered within the day: then the network is there, and it is the address that is not."""
    rows = LinkCheck.objects.filter(checked_at__gt=now() - timedelta(days=1))
    return rows.filter(Q(fault="") | Q(fault__startswith="HTTP")).exists()
