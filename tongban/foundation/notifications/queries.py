"""Reading messages: everybody sees his own, the operator sees what went out with recipients masked."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml
from django.db.models import QuerySet

from tongban.foundation.identity.queries import account, person
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.errors import NotFound, NotSignedIn
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.versions import in_force

from .models import Dispatch, Message, MessageTemplate, Preference, Recipient
from .rules import EMAIL, SMS, WAYS_OUT

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

PAGE_SIZE = 20


def _own(actor: Actor) -> QuerySet[Message]:
    if not actor.signed_in:
        raise NotSignedIn
    return Message.objects.filter(recipient_id__in=_recipients(actor))


def _recipients(actor: Actor) -> list[UUID]:
    """Messages reach a citizen as a person, a member of staff as an account."""
    mine = actor.account_id if actor.kind == "staff" else actor.person_id
    return [mine] if mine else []


def messages_of(actor: Actor, *, cursor: str = "", only_unread: bool = False, size: int = PAGE_SIZE) -> Page:
    """His messages, newest first. Loads the template of none of them."""
    rows = _own(actor)
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def message_for(actor: Actor, message_id: UUID) -> Message:
    return find(_own(actor), id=message_id)


def unread_count(actor: Actor) -> int:
    """How many messages wait unread; 0 for somebody not signed in."""
    recipients = _recipients(actor) if actor.signed_in else []
    return Message.objects.filter(recipient_id__in=recipients, read_at__isnull=True).count() if recipients else 0


def ways_declined(recipient_id: UUID) -> set[str]:
    return set(Preference.objects.filter(recipient_id=recipient_id).values_list("way", flat=True))


def ways_wanted(actor: Actor) -> dict[str, bool]:
    """`{"sms": True, "email": False}`: by which ways he wants to be told."""
    declined = {way for mine in _recipients(actor) for way in ways_declined(mine)}
    return {way: way not in declined for way in WAYS_OUT}


def template_in_force(code: str, on: date) -> MessageTemplate | None:
    return in_force(MessageTemplate.objects.all(), on, code=code)


@cache
def shipped_templates() -> dict[str, Any]:
    """The sentences this release brings along: `{"effective_on": date, "templates": {code: content}}`."""
    return yaml.safe_load((Path(__file__).parent / "catalogue.yaml").read_text("utf-8"))


def dispatches(actor: Actor, *, way: str = "", state: str = "", cursor: str = "", size: int = 50) -> Page:
    """What went out or waits to, newest first, for an operator."""
    permit(actor, "notifications.see_outbox")
    rows = Dispatch.objects.select_related("message")
    if way in WAYS_OUT:
        rows = rows.filter(way=way)
    if state in Dispatch.State.values:
        rows = rows.filter(state=state)
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def address_of(message: Message, way: str) -> str:
    """The phone or e-mail address of a message's recipient, fresh from the register; empty when there is none."""
    try:
        if message.recipient_kind == Recipient.ACCOUNT:
            return account(message.recipient_id).email if way == EMAIL else ""
        someone = person(message.recipient_id)
        if way == SMS:
            return someone.phone
        return account(someone.account_id).email if someone.account_id else ""
    except NotFound:
        return ""
