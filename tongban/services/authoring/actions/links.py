"""Trying the addresses written in a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.foundation.drafting.queries import content_for_task
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.later import defer
from tongban.services.authoring.gateways import fault_of
from tongban.services.authoring.models import LinkCheck
from tongban.services.authoring.queries import item_draft
from tongban.services.authoring.rules import urls_in

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

FRESH = timedelta(hours=1)
MOST = 100  # addresses of one draft; a definition has a dozen


@transaction.atomic
def ask_for_link_check(*, actor: Actor, draft_id: UUID) -> None:
    """Have every address of the draft tried soon. It changes nothing of the draft, so it is no fact."""
    draft = item_draft(actor, draft_id)
    defer("authoring.check_links", draft_id=draft.pk)


def check_links(draft_id: UUID) -> int:
    """Try each address not tried within the hour; answers how many were. No transaction is open while one waits."""
    urls = sorted(set(urls_in(content_for_task(draft_id)).values()))[:MOST]
    fresh = set(LinkCheck.objects.filter(url__in=urls, checked_at__gt=now() - FRESH).values_list("url", flat=True))
    tried = [url for url in urls if url not in fresh]
    for url in tried:
        LinkCheck.objects.update_or_create(url=url, defaults={"fault": fault_of(url), "checked_at": now()})
    return len(tried)
