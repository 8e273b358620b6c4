"""The wordings that come with a release, published where nobody has published any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.notifications.errors import TemplateUnfit
from tongban.foundation.notifications.models import MessageTemplate
from tongban.foundation.notifications.queries import shipped_templates
from tongban.foundation.notifications.rules import faults_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def publish_shipped(code: str, content: Mapping[str, Any], *, effective_on: date) -> MessageTemplate:
    faults = faults_of(content)
    if faults:
        raise TemplateUnfit(reasons=[Reason(fault, TemplateUnfit.title) for fault in faults])
    standard = MessageTemplate.objects.filter(code=code, department=None)
    last = standard.order_by("-version").values_list("version", flat=True).first() or 0
    row, _created = MessageTemplate.objects.get_or_create(
        code=code,
        department=None,
        version=last + 1,
        defaults={
            "content": dict(content),
            "effective_on": effective_on,
            "status": MessageTemplate.Status.PUBLISHED,
            "published_at": now(),
            "digest": sm3(canonical(dict(content))),
        },
    )
    return row


@transaction.atomic
def load_templates() -> int:
    """Publish every shipped wording that no version has yet; how many were new. Harmless to repeat."""
    shipped = shipped_templates()
    known = set(MessageTemplate.objects.filter(department=None).values_list("code", flat=True))
    fresh = [code for code in shipped["templates"] if code not in known]
    for code in fresh:
        publish_shipped(code, shipped["templates"][code], effective_on=shipped["effective_on"])
    return len(fresh)
