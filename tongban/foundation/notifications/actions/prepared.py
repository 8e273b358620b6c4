"""A message as rows, for a room that writes them by one statement together with what they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.kept import kept
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.secrets import close
from tongban.foundation.notifications.models import Dispatch, Recipient
from tongban.foundation.notifications.rules import EMAIL, SMS, fill

from .sending import wording_of


def prepared_message(
    *,
    template: str,
    data: Mapping[str, Any],
    person_id: UUID,
    department_id: UUID | None = None,
    subject: str,
    link: str,
    at: datetime,
) -> dict[str, Any]:
    """`{"messages": [row], "dispatches": [rows], "must": bool}` by column.

    Whoever writes them leaves out the ways the person declined (unless it `must` go) and asks later for them to be sent
    (`send_waiting`). No query once the wording has been read this minute.
    """
    template_id, content = _wording(template, department_id, today())
    message_id = uuid7()
    message = {
        "id": message_id,
        "recipient_kind": Recipient.PERSON,
        "recipient_id": person_id,
        "template_id": template_id,
        "title": fill(content["title"], data)[:200],
        "body": close(fill(content["body"], data)),
        "link": link,
        "subject": subject[:80],
        "created_at": at,
    }
    texts = {SMS: content.get("sms") or content["body"], EMAIL: content.get("email") or content["body"]}
    dispatches = [_dispatch(message_id, way, fill(texts[way], data), at) for way in content.get("ways") or ()]
    return {"messages": [message], "dispatches": dispatches, "must": bool(content.get("must"))}


def _dispatch(message_id: UUID, way: str, text: str, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "message_id": message_id,
        "way": way,
        "text": close(text),
        "state": Dispatch.State.WAITING,
        "attempts": 0,
        "gateway": "",
        "reference": "",
        "address_masked": "",
        "fault": "",
        "created_at": at,
    }


@kept(seconds=60)
def _wording(code: str, department_id: UUID | None, _on: date) -> tuple[UUID, dict[str, Any]]:
    template = wording_of(code, department_id)
    return template.pk, template.content


def send_waiting(subjects: Iterable[str]) -> int:
    """Have what was left waiting about these subjects sent; how many. The caller remembers for which he has asked."""
    waiting = Dispatch.objects.filter(message__subject__in=list(subjects), state=Dispatch.State.WAITING, attempts=0)
    ids = list(waiting.values_list("pk", flat=True))
    for dispatch_id in ids:
        defer("notifications.send_out", dispatch_id=dispatch_id)
    return len(ids)
