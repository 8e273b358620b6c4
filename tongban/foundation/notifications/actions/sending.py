"""Telling people something, and seeing it out of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotSignedIn
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.errors import AlreadySent, NoSuchTemplate, NotSent
from tongban.foundation.notifications.gateways import Letter, gateway_for
from tongban.foundation.notifications.models import Dispatch, Message, MessageTemplate, Preference, Recipient
from tongban.foundation.notifications.queries import (
    address_of,
    message_for,
    shipped_templates,
    template_in_force,
    ways_declined,
)
from tongban.foundation.notifications.rules import EMAIL, MOST_ATTEMPTS, SMS, WAYS_OUT, fill, masked_address, ways_out

from .shipped import publish_shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tongban.foundation.kernel.actors import Actor


@transaction.atomic
def notify(
    *,
    template: str,
    data: Mapping[str, Any],
    person_id: UUID | None = None,
    account_id: UUID | None = None,
    department_id: UUID | None = None,
    subject: str = "",
    link: str = "",
) -> Message:
    """Leave a message for one person or one account, in the caller's transaction, and put its SMS and e-mail in the queue.

    Whoever calls has already asked whether the message may be sent; this only words it. `data` fills the template, which is
    the one that `department_id` has made for itself, where it has one in force.
    """
    if (person_id is None) == (account_id is None):
        raise ValueError("a message goes to one person or to one account")
    wording = wording_of(template, department_id)
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
        going = Dispatch.objects.bulk_create(
            Dispatch(message=message, way=way, text=fill(texts[way], data), created_at=message.created_at)
            for way in ways
        )
        for dispatch in going:
            defer("notifications.send_out", dispatch_id=dispatch.id)
    return message


def wording_of(code: str, department_id: UUID | None) -> MessageTemplate:
    """The wording in force today; the shipped one is published when nobody has published any."""
    found = template_in_force(code, today(), department_id)
    if found:
        return found
    shipped = shipped_templates()
    if code not in shipped["templates"]:
        raise NoSuchTemplate(template=code)
    return publish_shipped(code, shipped["templates"][code], effective_on=shipped["effective_on"])


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
        raise NotSignedIn
    Preference.objects.filter(recipient_id=mine).delete()
    declined = [way for way in WAYS_OUT if way not in wanted]
    Preference.objects.bulk_create(Preference(recipient_id=mine, way=way) for way in declined)
    record("notifications.ways_chosen", actor=actor, subject=f"recipient:{mine}", data={"declined": declined})


def send_out(dispatch_id: UUID) -> Dispatch:
    """Try to send one dispatch; harmless to repeat, since one that has left is not sent again.

    Never within a transaction: the gateway is on the network. Raises `NotSent` when it should be tried again.
    """
    dispatch = _claim(dispatch_id)
    if dispatch is None:
        return find(Dispatch.objects, id=dispatch_id)
    address = address_of(dispatch.message, dispatch.way)
    if not address:
        return _settle(dispatch, state=Dispatch.State.NO_ADDRESS)
    gateway = gateway_for(dispatch.way)
    dispatch.gateway, dispatch.address_masked = gateway.name, masked_address(dispatch.way, address)
    letter = Letter(address, dispatch.message.title, dispatch.text, str(dispatch.id))
    try:
        dispatch.reference = gateway.send(letter)
    except NotSent as error:
        over = dispatch.attempts >= MOST_ATTEMPTS
        state = Dispatch.State.GIVEN_UP if over else Dispatch.State.FAILED
        _settle(dispatch, state=state, fault=str(error.details.get("fault", error.code))[:200])
        if over:
            return dispatch
        raise
    return _settle(dispatch, state=Dispatch.State.SENT, sent_at=now(), fault="")


@transaction.atomic
def _claim(dispatch_id: UUID) -> Dispatch | None:
    """Mark the dispatch as being sent; none when it has left, or never will."""
    dispatch = find(Dispatch.objects.select_for_update(of=("self",)).select_related("message"), id=dispatch_id)
    if dispatch.state in (Dispatch.State.SENT, Dispatch.State.GIVEN_UP, Dispatch.State.NO_ADDRESS):
        return None
    dispatch.state, dispatch.attempts = Dispatch.State.SENDING, dispatch.attempts + 1
    dispatch.save(update_fields=["state", "attempts"])
    return dispatch


def _settle(dispatch: Dispatch, **changes: Any) -> Dispatch:
    for name, value in changes.items():
        setattr(dispatch, name, value)
    dispatch.save(update_fields=["gateway", "address_masked", "reference", *changes])
    return dispatch


@transaction.atomic
def send_again(*, actor: Actor, dispatch_id: UUID) -> Dispatch:
    """Put a failed dispatch back into the queue, its attempts counted anew."""
    permit(actor, "notifications.see_outbox")
    dispatch = find(Dispatch.objects.select_for_update(), id=dispatch_id)
    if dispatch.state == Dispatch.State.SENT:
        raise AlreadySent
    dispatch.state, dispatch.attempts, dispatch.fault = Dispatch.State.WAITING, 0, ""
    dispatch.save(update_fields=["state", "attempts", "fault"])
    defer("notifications.send_out", dispatch_id=dispatch.id)
    record("notifications.sent_again", actor=actor, subject=dispatch)
    return dispatch
