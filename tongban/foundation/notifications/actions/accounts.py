"""What somebody is told about his own account: a code on his phone, and that his password was changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.identity.queries import person_of_account, phone_changes, reset_code
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.notifications.models import Message
from tongban.foundation.notifications.queries import PHONE_BEFORE

from .sending import notify

CHANGED, LEFT = "identity.phone_changed", "identity.phone_left"


@transaction.atomic
def send_code(reset_id: UUID) -> Message | None:
    """The code of a reset that concerns somebody; once, however often the task runs. The message in the site does not hold it."""
    account_id, code = reset_code(reset_id)
    subject = f"reset:{reset_id}"
    if account_id is None or Message.objects.filter(subject=subject).exists():
        return None
    return notify(template="identity.reset_code", data={"code": code}, subject=subject, **_to(account_id))


@transaction.atomic
def tell_password_changed(account_id: UUID, *, fact_id: str) -> Message | None:
    subject = f"fact:{fact_id}"
    if Message.objects.filter(subject=subject).exists():
        return None
    at = now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return notify(template="identity.password_changed", data={"at": at}, subject=subject, **_to(account_id))


@transaction.atomic
def tell_phone_changed(account_id: UUID) -> list[Message]:
    """On the phone that is on record now, and on the one before, should somebody have taken it from him; of each change once."""
    told = []
    for change_id, at in phone_changes(account_id):
        data = {"at": at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")}
        for template, subject in ((CHANGED, f"phone:{change_id}"), (LEFT, f"{PHONE_BEFORE}{change_id}")):
            if not Message.objects.filter(subject=subject).exists():
                told.append(notify(template=template, data=data, subject=subject, account_id=account_id))
    return told


def _to(account_id: UUID) -> dict[str, Any]:
    """To the person behind the account; to the account itself where it is a post's alone."""
    person_id = person_of_account(account_id)
    return {"person_id": person_id} if person_id else {"account_id": account_id}
