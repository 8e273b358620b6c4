"""Reading messages: everybody sees his own, the operator sees what went out with recipients masked."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml
from django.db.models import Count, Min, Q, QuerySet

from tongban.foundation.identity.queries import account, person, phone_before
from tongban.foundation.kernel.actors import may, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, NotSignedIn
from tongban.foundation.kernel.ids import first_at
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

from .errors import NoSuchTemplate
from .models import Dispatch, Message, MessageTemplate, Preference, Recipient
from .rules import EMAIL, SMS, WAYS_OUT, Field, fields_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

PAGE_SIZE = 20
MOST_UNREAD = 100  # nobody reads a larger number
VERB = "items.manage"  # who writes a department's items words its notices
KIND = "notice"  # of drafts
PHONE_BEFORE = "phone-before:"  # beginning of the subject of what is told where somebody was called before


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
    """How many messages wait unread, a hundred for any more; 0 for somebody not signed in."""
    recipients = _recipients(actor) if actor.signed_in else []
    return (
        Message.objects.filter(recipient_id__in=recipients, read_at__isnull=True)[:MOST_UNREAD].count()
        if recipients
        else 0
    )


def ways_declined(recipient_id: UUID) -> set[str]:
    return set(Preference.objects.filter(recipient_id=recipient_id).values_list("way", flat=True))


def ways_wanted(actor: Actor) -> dict[str, bool]:
    """`{"sms": True, "email": False}`: by which ways he wants to be told."""
    declined = {way for mine in _recipients(actor) for way in ways_declined(mine)}
    return {way: way not in declined for way in WAYS_OUT}


def template_in_force(code: str, on: date, department_id: UUID | None = None) -> MessageTemplate | None:
    """The department's own wording, or the standard where it has none in force. One query."""
    rows = MessageTemplate.objects.filter(
        Q(department=None) | Q(department=department_id),
        code=code,
        status=MessageTemplate.Status.PUBLISHED,
        effective_on__lte=on,
    )
    newest = rows.order_by("department_id", "-effective_on", "-version").distinct("department_id")
    found = {row.department_id: row for row in newest}
    own = found.get(department_id) if department_id else None
    return own if own and not own.content.get("standard") else found.get(None)


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


def post_open() -> list[dict[str, Any]]:
    """What has not gone out yet: `way`, `state`, `count`, and when the `oldest` was written."""
    rows: QuerySet[Any, Any] = Dispatch.objects.exclude(state__in=["sent", "no_address", "given_up"])
    counted: QuerySet[Any, Any] = rows.values("way", "state").annotate(count=Count("pk"), oldest=Min("created_at"))
    return list(counted.order_by("way", "state"))


def post_since(moment: datetime) -> list[dict[str, Any]]:
    """How what was written since a moment fared: `way`, `gateway`, `state`, `count`."""
    rows: QuerySet[Any, Any] = Dispatch.objects.filter(pk__gte=first_at(moment)).values("way", "gateway", "state")
    return list(rows.annotate(count=Count("pk")).order_by("way", "gateway", "state"))


def address_of(message: Message, way: str) -> str:
    """The phone or e-mail address of a message's recipient, fresh from the register; empty when there is none."""
    try:
        if message.recipient_kind == Recipient.ACCOUNT:
            if way == SMS and message.subject.startswith(PHONE_BEFORE):
                return phone_before(message.subject.removeprefix(PHONE_BEFORE))
            him = account(message.recipient_id)
            return him.email if way == EMAIL else him.phone or ""
        someone = person(message.recipient_id)
        if way == SMS:
            return someone.phone
        return account(someone.account_id).email if someone.account_id else ""
    except NotFound:
        return ""


def work_waiting(actor: Actor) -> list[MessageTemplate]:
    """Notices of his department that colleagues wrote and he may publish or return. One query."""
    if not may(actor, VERB, department_id=actor.department_id, division=actor.division):
        return []
    rows = MessageTemplate.objects.filter(department=actor.department_id, status=MessageTemplate.Status.IN_REVIEW)
    return list(rows.exclude(drafted_by__in=actor.names).order_by("id"))


@cache
def _about() -> dict[str, Any]:
    """What notices can be filled with and how they are called."""
    return yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text("utf-8"))


def notice_codes() -> list[str]:
    """The notices a department may word, in the order of a case's life."""
    return list(_about()["names"])


def name_of_notice(code: str) -> str:
    return str(_about()["names"].get(code, code))


def standard_notice(code: str) -> dict[str, Any]:
    """The standard text of a notice that departments may word; `NoSuchTemplate` for any other."""
    found = template_in_force(code, today()) if code in _about()["names"] else None
    shipped = shipped_templates()["templates"].get(code) if code in _about()["names"] else None
    content: dict[str, Any] | None = found.content if found else shipped
    if content is None:
        raise NoSuchTemplate(template=code)
    return content


def fields_of_notice(code: str) -> list[Field]:
    """What whoever sends this notice gives, so that nobody writes a gap that stays empty."""
    about = _about()
    return fields_of(standard_notice(code), about["fields"], about["always"][code.partition(".")[0]])


def own_notices(actor: Actor) -> QuerySet[MessageTemplate]:
    """All versions of the notices that the actor's department has worded for itself."""
    permit(actor, VERB, department_id=actor.department_id)
    return MessageTemplate.objects.filter(department=actor.department_id)


def own_notice(actor: Actor, template_id: UUID) -> MessageTemplate:
    return find(own_notices(actor), pk=template_id)


def own_standing(department_id: UUID, code: str) -> MessageTemplate | None:
    """The department's own wording in force today; none while the standard holds."""
    found = template_in_force(code, today(), department_id)
    return found if found and found.department_id else None


def notice_versions(actor: Actor, code: str) -> list[MessageTemplate]:
    """What the department published or has in review of one notice, the newest first."""
    shown = [MessageTemplate.Status.PUBLISHED, MessageTemplate.Status.IN_REVIEW]
    return list(own_notices(actor).filter(code=code, status__in=shown).order_by("-version"))
