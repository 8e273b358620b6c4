"""Telling people something, and seeing it out of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason

from .errors import NoSuchTemplate, TemplateUnfit
from .models import Dispatch, Message, MessageTemplate, Preference, Recipient
from .queries import message_for, shipped_templates, template_in_force, ways_declined
from .rules import EMAIL, SMS, WAYS_OUT, faults_of, fill, ways_out

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tongban.foundation.kernel.actors import Actor


@transaction.atomic
def notify(
    *,
    template: str,
    data: Mapping[str, Any],
    person_id: UUID | None = None,
    account_id: UUID | None = None,
    subject: str = "",
    link: str = "",
) -> Message:
    """Leave a message for one person or one account, in the caller's transaction, and put its SMS and e-mail in the queue.

    Whoever calls has already asked whether the message may be sent; this only words it. `data` fills the template.
    """
    if (person_id is None) == (account_id is None):
        raise ValueError("a message goes to one person or to one account")
    wording = _template(template)
    content, recipient_id = wording.content, person_id or account_id
    message = Message.objects.create(
        recipient_kind=Recipient.PERSON if person_id else Recipient.ACCOUNT,
        recipient_id=recipient_id,
        template=wording,
        title=fill(content["title"], data)[:200],
        body=fill(content["body"], data),
        link=link,
        subject=subject[:80],
        created_at=now(),
    )
    texts = {SMS: content.get("sms") or content["body"], EMAIL: content.get("email") or content["body"]}
    ways = ways_out(content, ways_declined(message.recipient_id)) if content.get("ways") else []
    if ways:
        Dispatch.objects.bulk_create(
            Dispatch(message=message, way=way, text=fill(texts[way], data), created_at=message.created_at)
            for way in ways
        )
    return message


def _template(code: str) -> MessageTemplate:
    """The wording in force today; the shipped one is published when nobody has published any."""
    found = template_in_force(code, today())
    if found:
        return found
    shipped = shipped_templates()
    if code not in shipped["templates"]:
        raise NoSuchTemplate(template=code)
    return _publish(code, shipped["templates"][code], effective_on=shipped["effective_on"])


def _publish(code: str, content: Mapping[str, Any], *, effective_on: date) -> MessageTemplate:
    faults = faults_of(content)
    if faults:
        raise TemplateUnfit(reasons=[Reason(fault, TemplateUnfit.title) for fault in faults])
    last = MessageTemplate.objects.filter(code=code).order_by("-version").values_list("version", flat=True).first() or 0
    row, _created = MessageTemplate.objects.get_or_create(
        code=code,
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
    known = dict(MessageTemplate.objects.values_list("code", "digest").order_by("version"))
    fresh = [code for code in shipped["templates"] if code not in known]
    for code in fresh:
        _publish(code, shipped["templates"][code], effective_on=shipped["effective_on"])
    return len(fresh)


def read_message(*, actor: Actor, message_id: UUID) -> Message:
    """Show him his message; the first time it is marked as read."""
    message = message_for(actor, message_id)
    if message.read_at is None:
        message.read_at = now()
        message.save(update_fields=["read_at"])
    return message


def read_all(*, actor: Actor) -> int:
    """Mark all his messages as read; how many there were."""
    mine = actor.account_id if actor.kind == "staff" else actor.person_id
    if mine is None:
        return 0
    return Message.objects.filter(recipient_id=mine, read_at__isnull=True).update(read_at=now())


@transaction.atomic
def choose_ways(*, actor: Actor, wanted: set[str]) -> None:
    """By which ways, besides the site, he wants to be told. Legal notices go out all the same."""
    mine = actor.account_id if actor.kind == "staff" else actor.person_id
    if mine is None:
        return
    Preference.objects.filter(recipient_id=mine).delete()
    declined = [way for way in WAYS_OUT if way not in wanted]
    Preference.objects.bulk_create(Preference(recipient_id=mine, way=way) for way in declined)
    record("notifications.ways_chosen", actor=actor, subject=f"recipient:{mine}", data={"declined": declined})
