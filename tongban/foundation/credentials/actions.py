"""Signing credentials, marking how they stand, and publishing the list of it."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.actions import key_for, sign, sign_record

from .errors import NoSuchList
from .models import Credential, SigningKey
from .queries import address_of, lists
from .rules import BITS, FULL, LENGTH, MESSAGES, Claims, compressed, sealed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tongban.foundation.kernel.actors import Actor

OWNER, NAME = "platform:credentials", "credentials"
TITLE = "电子凭证签发"
HELD_BY = timedelta(hours=24)  # how long somebody without network may lean on a list
KEPT_SECONDS = 30.0  # a list is not made anew for every phone that asks

_kept: dict[int, tuple[float, dict[str, Any]]] = {}
_making = threading.Lock()


def credential_for(
    subject: str,
    *,
    kind: str,
    number: str,
    holder: str,
    issuer: str,
    valid_from: date,
    valid_until: date | None,
    state: str = "valid",
) -> str:
    """The address to print as a code for one version of a licence: made once, the same ever after.

    `number` and `holder` come masked: whoever reads the code reads them. For rooms that make a face; they have asked who may.
    """
    found = Credential.objects.filter(subject=subject).first()
    if found:
        return address_of(found.digits)
    key = key_for(OWNER, NAME, "p256", title=TITLE)
    _known(key.kid)
    at, list_no = now(), _open_list()

    def digits_at(place: int) -> str:
        claims = Claims(
            city=settings.CITY_DIVISION[:6],
            subject=subject,
            issued_at=at,
            kind=kind,
            number=number,
            holder=holder,
            issuer=issuer,
            valid_from=valid_from,
            valid_until=valid_until,
            list_no=list_no,
            place=place,
        )
        return sealed(claims, key.kid, lambda data: sign(key, data))

    while True:
        place = secrets.randbelow(LENGTH)  # drawn by lot: neighbours in a list tell nothing about each other
        row = Credential(
            subject=subject,
            list_no=list_no,
            place=place,
            state=MESSAGES.index(state),
            kid=key.kid,
            digits=digits_at(place),
            made_at=at,
            changed_at=at,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return address_of(row.digits)
        except IntegrityError:  # the place is taken, or somebody else was faster with this licence
            if other := Credential.objects.filter(subject=subject).first():
                return address_of(other.digits)


def _open_list() -> int:
    """The list that is being filled: the last one, or the next when that is half full."""
    last = Credential.objects.order_by("-list_no").values_list("list_no", flat=True).first() or 0
    return last + 1 if Credential.objects.filter(list_no=last).count() >= FULL else last


def _known(kid: str) -> None:
    SigningKey.objects.get_or_create(kid=kid, defaults={"first_used_at": now()})


@transaction.atomic
def mark(*, actor: Actor, states: Mapping[str, str]) -> int:
    """Note how licences stand now (subject → valid, suspended, revoked, superseded); how many credentials changed.

    For the room that owns the licences, which has asked who may. Subjects without a credential are passed over.
    """
    rows = Credential.objects.select_for_update().filter(subject__in=states)
    changed = [row for row in rows.order_by("pk") if MESSAGES[row.state] != states[row.subject]]
    for row in changed:
        row.state, row.changed_at = MESSAGES.index(states[row.subject]), now()
        record("credentials.marked", actor=actor, subject=row, data={"state": states[row.subject]})
    Credential.objects.bulk_update(changed, ["state", "changed_at"])
    if changed:
        transaction.on_commit(_kept.clear)
    return len(changed)


def status_list(number: int) -> dict[str, Any]:
    """One list as it is published: `text` is what was signed, `signatures` are SM2 and P-256 beside each other."""
    held = _kept.get(number)
    if held and held[0] > time.monotonic():
        return held[1]
    with _making:
        held = _kept.get(number)
        if held and held[0] > time.monotonic():
            return held[1]
        made = _made(number)
        _kept[number] = (time.monotonic() + KEPT_SECONDS, made)
    return made


def _made(number: int) -> dict[str, Any]:
    if number not in lists():
        raise NoSuchList
    rows = Credential.objects.filter(list_no=number, state__gt=0)
    at = now().replace(microsecond=0)
    body = {
        "kind": "tongban.status",
        "city": settings.CITY_DIVISION[:6],
        "list": number,
        "statusPurpose": "message",
        "statusSize": BITS,
        "statusMessage": [{"status": hex(code), "message": name} for code, name in enumerate(MESSAGES)],
        "encodedList": compressed(dict(rows.values_list("place", "state"))),
        "issued_at": at.isoformat(),
        "next_update": (at + HELD_BY).isoformat(),
    }
    signed = sign_record(OWNER, NAME, body, title=TITLE)
    for one in signed.signatures:
        _known(one["kid"])
    return {"text": signed.text.decode(), "signatures": signed.signatures}
