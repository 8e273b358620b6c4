"""Whether a credential is to be believed, by anybody who has the key set and, at best, the status list: no network asked.

Each step says what it found; the answer is that of the first step that fails, and `doubts` are what could not be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from .claims import Claims, Unreadable
from .envelope import Envelope, opened
from .statuses import MESSAGES, VALID, expanded, state_at

CHINA = timezone(timedelta(hours=8))
SLACK = timedelta(minutes=10)  # clocks of honest phones differ by so much
# The answers, best first; what each means to a person is said by the faces.
ANSWERS = (
    "valid",
    "not_yet",
    "expired",
    "superseded",
    "suspended",
    "revoked",
    "clock",
    "foreign",
    "altered",
    "unreadable",
)


@dataclass(frozen=True)
class Key:
    """One public key of a key set, and when credentials may have been signed with it."""

    kid: str
    pem: str
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True)
class KeySet:
    """Whose signatures are believed."""

    city: str
    name: str
    keys: Mapping[str, Key]


@dataclass(frozen=True)
class StatusList:
    """A status list whose own signature has been checked."""

    number: int
    issued_at: datetime
    next_update: datetime
    bits: bytes = field(repr=False)


@dataclass(frozen=True)
class Found:
    """What one step found: `ok` None means that it could not be looked at."""

    step: str
    ok: bool | None
    answer: str = ""


@dataclass(frozen=True)
class Checked:
    """The answer, and how it came about. `claims` only when the signature holds."""

    answer: str
    steps: tuple[Found, ...]
    claims: Claims | None = None
    as_of: datetime | None = None  # the list that told the status, if one did
    doubts: tuple[str, ...] = ()  # `no_list`, `stale_list`


def check(text: str, keys: KeySet, statuses: StatusList | None, at: datetime) -> Checked:
    """Every step in its order; later ones are not taken once the signature fails."""
    try:
        envelope = opened(text)
    except Unreadable:
        return Checked("unreadable", (Found("form", False, "unreadable"),))
    steps = [Found("form", True), *_origin(envelope, keys)]
    if steps[-1].ok is False:
        return Checked(steps[-1].answer, tuple(steps))
    claims = envelope.claims
    listed, doubts = _listed(claims, statuses, at)
    steps += [_clock(claims, statuses, at), *listed, _period(claims, at.astimezone(CHINA).date())]
    failed = next((step.answer for step in steps if step.ok is False), "valid")
    told = statuses if statuses and "no_list" not in doubts else None
    return Checked(failed, tuple(steps), claims, told.issued_at if told else None, doubts)


def _origin(envelope: Envelope, keys: KeySet) -> list[Found]:
    """City, key and signature. A key we do not hold is another city's, whatever city the text claims to be from."""
    key = keys.keys.get(envelope.kid)
    if envelope.claims.city != keys.city or key is None:
        return [Found("city", False, "foreign")]
    steps = [Found("city", True), Found("signature", True)]
    if not envelope.is_signed_by(key.pem):
        steps[-1] = Found("signature", False, "altered")
    elif not _holds(key, envelope.claims.issued_at):
        steps.append(Found("key", False, "altered"))
    else:
        steps.append(Found("key", True))
    return steps


def _holds(key: Key, at: datetime) -> bool:
    return (key.first is None or key.first - SLACK <= at) and (key.last is None or at <= key.last)


def _clock(claims: Claims, statuses: StatusList | None, at: datetime) -> Found:
    """A clock that lies before what has already been signed is set back: nothing it says about validity holds."""
    signed = max(claims.issued_at, statuses.issued_at) if statuses else claims.issued_at
    late = signed > at + SLACK
    return Found("clock", not late, "clock" if late else "")


def _listed(claims: Claims, statuses: StatusList | None, at: datetime) -> tuple[list[Found], tuple[str, ...]]:
    state = state_at(statuses.bits, claims.place) if statuses and statuses.number == claims.list_no else None
    if state is None or statuses is None:
        return [Found("status", None)], ("no_list",)
    doubts = ("stale_list",) if statuses.next_update < at else ()
    return [Found("status", state == VALID, "" if state == VALID else MESSAGES[state])], doubts


def _period(claims: Claims, today: date) -> Found:
    if today < claims.valid_from:
        return Found("period", False, "not_yet")
    if claims.valid_until and claims.valid_until < today:
        return Found("period", False, "expired")
    return Found("period", True)


def read_key_set(document: Any) -> KeySet:
    """The published key set as it was downloaded; only keys for credentials. `Unreadable` for anything else."""
    try:
        rows = [row for row in document["keys"] if row["alg"] == "p256" and row.get("use") == "credential"]
        keys = {str(row["kid"]): _key(row) for row in rows}
        return KeySet(str(document["city"]), str(document["name"]), keys)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable from None


def _key(row: Any) -> Key:
    return Key(str(row["kid"]), str(row["pem"]), _moment(row.get("from")), _moment(row.get("until")))


def _moment(text: Any) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_status_list(body: Any) -> StatusList:
    """The text of a published list, once its signature has been checked. `Unreadable` for anything else."""
    try:
        bits, issued, following = (
            expanded(body["encodedList"]),
            _moment(body["issued_at"]),
            _moment(body["next_update"]),
        )
        if body["kind"] != "tongban.status" or type(body["list"]) is not int or not (bits and issued and following):
            raise Unreadable
        return StatusList(body["list"], issued, following, bits)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable from None
