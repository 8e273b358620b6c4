"""Using licences: the holder shows a code or gives a permission; a body looks, and every look stands in the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tongban.foundation.audit.actions import look, record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.organisations.queries import department
from tongban.services.licences.errors import (
    GRANT_WORDS,
    LOOK_WORDS,
    CodeSpent,
    GrantRefused,
    LookRefused,
    LookSpent,
    NoConsent,
    NotShowable,
)
from tongban.services.licences.models import Grant, Licence, Scene, ShortCode, Use
from tongban.services.licences.queries import is_holder, licence_for
from tongban.services.licences.queries.using import live_grants
from tongban.services.licences.rules.metadata import COMPANY
from tongban.services.licences.rules.states import SUPERSEDED, UNCONFIRMED, VALID, state_on
from tongban.services.licences.rules.using import CODE_DIGITS, CODE_LASTS, chosen, grant_faults, look_faults

from .once import once

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

HOLD, LOOK = "licences.hold", "licences.look"
REPLAYED_FOR = timedelta(minutes=10)  # a lost answer is asked for again at once; later it must be allowed anew


@dataclass(frozen=True)
class Allowed:
    """On what strength a body may look, and at which fields."""

    way: str
    fields: list[str]
    ground: str = ""
    scene_id: UUID | None = None


@dataclass(frozen=True)
class Looked:
    """What a body was shown."""

    licence: Licence
    way: str
    ground: str
    fields: dict[str, Any]

    @property
    def status(self) -> str:
        return state_on(self.licence.state, self.licence.valid_from, self.licence.valid_until, today())


def keys_of(licence: Licence) -> list[str]:
    return [field["key"] for field in licence.type.content["fields"]]


def _own(actor: Actor, licence_id: UUID | str) -> Licence:
    """The actor's own licence, when it is in force."""
    permit(actor, HOLD, owner_id=actor.applicant_id)
    licence = licence_for(actor, licence_id)
    if not is_holder(actor, licence):
        raise NotFound
    if state_on(licence.state, licence.valid_from, licence.valid_until, today()) != VALID or not licence.record_digest:
        raise NotShowable
    return licence


@transaction.atomic
def show_code(*, actor: Actor, licence_id: UUID | str, fields: Iterable[str] | None = None) -> tuple[str, datetime]:
    """A code to hold out (亮证码), and when it ends: for minutes, for one use. The codes shown before it are spent."""
    licence = _own(actor, licence_id)
    keys = [key for key in keys_of(licence) if fields is None or key in set(fields)]
    at, code = now(), "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    ShortCode.objects.filter(licence=licence, used_at=None).delete()
    made = ShortCode.objects.create(
        fingerprint=blind_index(code), licence=licence, fields=keys, shown_by=actor.account_id, made_at=at,
        expires_at=at + CODE_LASTS,
    )  # fmt: skip
    record("licences.shown", actor=actor, subject=licence)
    return code, made.expires_at


@transaction.atomic
def allow(
    *,
    actor: Actor,
    licence_id: UUID | str,
    department_id: UUID | None,
    fields: Iterable[str],
    purpose: str,
    until_on: date | None = None,
    once: bool = False,
) -> Grant:
    """Let a body see some fields, once or until a day (授权). Holds for later versions of the licence, too."""
    licence = _own(actor, licence_id)
    keys = list(fields)
    faults = grant_faults(
        fields=keys, known=keys_of(licence), purpose=purpose, until_on=until_on, once=once, today=today()
    )
    if department_id is None:
        faults.append("department")
    if faults:
        places = {"until_missing": "until_on", "until_past": "until_on", "until_far": "until_on"}
        raise GrantRefused(
            reasons=[Reason(f"licences.grant_{code}", GRANT_WORDS[code], places.get(code, code)) for code in faults]
        )
    assert department_id is not None
    grant = Grant.objects.create(
        family_id=licence.family_id, holder_id=actor.applicant_id, department_id=department(department_id).pk,
        purpose=purpose.strip(), fields=keys, until_on=None if once else until_on, made_by=actor.account_id, made_at=now(),
    )  # fmt: skip
    record("licences.allowed", actor=actor, subject=licence, data={"department": str(department_id), "fields": keys})
    return grant


@transaction.atomic
def take_back(*, actor: Actor, grant_id: UUID | str) -> Grant:
    """Take a permission back: from this moment it opens nothing."""
    grant = find(Grant.objects.select_for_update().filter(holder_id=actor.applicant_id), pk=grant_id)
    permit(actor, HOLD, owner_id=grant.holder_id)
    if grant.taken_back_at is None:
        grant.taken_back_at = now()
        grant.save(update_fields=["taken_back_at"])
        record("licences.taken_back", actor=actor, subject=f"licence:{grant.family_id}", data={"grant": str(grant.pk)})
    return grant


@dataclass(frozen=True)
class Question:
    """What a body asks: about whom or by which code, for what, in which case."""

    purpose: str
    case_no: str
    number: str
    type_code: str
    code: str

    @property
    def hidden(self) -> list[str]:
        """What tells one question from another, the number and the code not to be guessed from it."""
        return [self.purpose, self.case_no, blind_index(self.number), self.type_code, blind_index(self.code)]


def look_up(
    *,
    actor: Actor,
    purpose: str,
    case_no: str,
    number: str = "",
    type_code: str = "",
    code: str = "",
    key: str | None = None,
) -> Looked | None:
    """What a body may see of somebody's licence: by the code he shows, by his permission, or by law (a scene in use).

    By ID number or credit code only, never by name. None: there is no such licence. Without any ground `NoConsent`; the
    attempt stands in the ledger all the same. `CodeSpent` for a code that is too old or was used. With a `key` (of another
    system) the same question sent again within ten minutes has the same answer and one line in the ledger, then `LookSpent`.
    """
    permit(actor, LOOK, department_id=actor.department_id)
    number = number.strip().upper()
    faults = look_faults(number=number, purpose=purpose, case_no=case_no, by_code=bool(code), today=today())
    if faults:
        raise LookRefused(reasons=[Reason(f"licences.look_{fault}", LOOK_WORDS[fault], fault) for fault in faults])
    asked = Question(purpose.strip()[:200], case_no.strip()[:60], number, type_code, code)
    use = _used(actor, asked) if key is None else _used_once(actor, asked, key)
    if use is None:
        return None
    if not use.given:
        raise NoConsent  # after the ledger's line is kept
    return Looked(use.licence, use.way, use.ground, chosen(use.licence.fields, use.fields))


def _used_once(actor: Actor, asked: Question, key: str) -> Use | None:
    def make() -> UUID:
        use = _used(actor, asked)
        if use is None:
            raise NotFound
        return use.pk

    try:
        made, before = once(actor, key, ["look", *asked.hidden], make)
    except NotFound:
        return None
    use = Use.objects.select_related("licence__type").get(pk=made)
    if before and now() - use.at > REPLAYED_FOR:
        raise LookSpent
    return use


@transaction.atomic
def _used(actor: Actor, asked: Question) -> Use | None:
    """The line of the ledger that this look is."""
    if asked.code:
        licence, allowed = _by_code(asked.code)
    else:
        found = _newest(asked.number, asked.type_code)
        if found is None:
            return None
        licence, allowed = found, _allowed(actor, found)
    return note_use(
        actor=actor, licence=licence, way=allowed.way, fields=allowed.fields, purpose=asked.purpose,
        case_no=asked.case_no, ground=allowed.ground, scene_id=allowed.scene_id,
    )  # fmt: skip


def _by_code(code: str) -> tuple[Licence, Allowed]:
    digits = "".join(char for char in code if char.isdigit())
    shown = ShortCode.objects.select_for_update().filter(fingerprint=blind_index(digits), used_at=None).first()
    if shown is None or shown.expires_at < now():
        raise CodeSpent
    shown.used_at = now()
    shown.save(update_fields=["used_at"])
    return Licence.objects.select_related("type").get(pk=shown.licence_id), Allowed(Use.Way.CODE, shown.fields)


def _newest(number: str, type_code: str) -> Licence | None:
    """Of somebody's licences of a type, one in force before any that is not."""
    rows = Licence.objects.filter(holder_index=blind_index(number), type_code=type_code).exclude(record_digest="")
    found = list(
        rows.exclude(state__in=[SUPERSEDED, *UNCONFIRMED]).select_related("type").defer("record", "signatures")
    )
    return min(found, key=lambda row: (row.state != VALID, -row.made_at.timestamp()), default=None)


def _allowed(actor: Actor, licence: Licence) -> Allowed:
    if licence.issuer_id == actor.department_id:
        return Allowed(Use.Way.ISSUER, keys_of(licence))
    grant = used_grant(actor, licence)
    if grant is not None:
        return Allowed(Use.Way.GRANT, grant.fields)
    scene = _scene_for(actor, licence)
    return Allowed(Use.Way.LAW, scene.fields, scene.ground, scene.pk) if scene else Allowed(Use.Way.NONE, [])


def used_grant(actor: Actor, licence: Licence) -> Grant | None:
    """The holder's latest permission for the actor's body, used now: one that was for once opens nothing any more."""
    grant = live_grants(actor.department_id, [licence.family_id]).select_for_update().last()
    if grant is not None:
        grant.used_at = now()
        grant.save(update_fields=["used_at"])
    return grant


def _scene_for(actor: Actor, licence: Licence) -> Scene | None:
    """The scene in whose name the actor's body may look without consent: open today, of this issuer, with its ground in law."""
    scenes = Scene.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today()), department_id=actor.department_id, type_code=licence.type_code,
        issuer_id=licence.issuer_id, state=Scene.State.OPEN,
    )  # fmt: skip
    return scenes.exclude(ground="").order_by("-made_at").first()


def note_use(
    *,
    actor: Actor,
    licence: Licence,
    way: str,
    fields: list[str],
    purpose: str,
    case_no: str = "",
    ground: str = "",
    scene_id: UUID | None = None,
) -> Use:
    """One line of the ledger that the holder reads, a fact, and, of a person, a look in his own record."""
    use = Use.objects.create(
        licence=licence, holder_index=licence.holder_index, holder_id=licence.holder_id,
        department_id=actor.department_id,
        user_name=department(actor.department_id).name if actor.department_id else actor.name,
        account_id=actor.account_id, actor_kind=actor.kind, way=way, purpose=purpose, case_no=case_no, ground=ground,
        scene_id=scene_id, fields=fields, given=way != Use.Way.NONE, at=now(),
    )  # fmt: skip
    record("licences.used", actor=actor, subject=licence, data={"way": way, "given": use.given, "case_no": case_no})
    if licence.holder_kind != COMPANY and use.given:
        look(actor=actor, person_id=licence.holder_id, what="licence", purpose=purpose, subject=licence)
    return use
