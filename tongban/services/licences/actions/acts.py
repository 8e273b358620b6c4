"""What happens to a licence after it was given: 变更、延续、年检、暂扣、恢复、注销、吊销、撤销、遗失作废、过期."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.queries import persons_of_company
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.notifications.actions import notify
from tongban.services.licences.errors import ACT_WORDS, ActRefused, NotInThisState
from tongban.services.licences.models import Licence, LicenceChange
from tongban.services.licences.queries import is_holder, licence_for, runs_until
from tongban.services.licences.rules import states
from tongban.services.licences.rules.metadata import COMPANY, Holder

from .making import Place, composed, note_issued

MANAGE = "licences.manage"
HOLD = "licences.hold"
BY_RULE = Actor(kind="system", name="calendar")  # the calendar ends what has come to its last day
MOST_AT_ONCE = 500
ACT_NAMES = {
    "change": "变更", "renew": "延续", "replace": "补发", "check_yearly": "年检合格", "suspend": "暂扣", "restore": "恢复",
    "cancel": "注销", "revoke": "吊销", "annul": "撤销", "declare_lost": "遗失作废", "expire": "到期", "confirm": "签发",
}  # fmt: skip


def _asked(
    actor: Actor, licence_id: UUID, act: str, reason: str, document: str, *, until_on: date | None = None
) -> Licence:
    """The licence, locked, when the actor may do this to it and the rules agree."""
    licence = licence_for(actor, licence_id, lock=True)
    if not (act == "declare_lost" and is_holder(actor, licence)):
        permit(actor, MANAGE, department_id=licence.issuer_id)
        require_proof(actor)
    faults = states.act_faults(act, licence.state, reason=reason, document=document)
    if "state" in faults:
        raise NotInThisState
    reasons = [Reason(f"licences.{fault}", ACT_WORDS[fault], fault.partition("_")[0]) for fault in faults]
    if until_on and until_on < today():
        reasons.append(Reason("licences.until_past", ACT_WORDS["until_past"], "until_on"))
    if reasons:
        raise ActRefused(reasons=reasons)
    return licence


def _noted(
    actor: Actor,
    licence: Licence,
    act: str,
    *,
    reason: str,
    document: str = "",
    file_id: UUID | None = None,
    until_on: date | None = None,
) -> LicenceChange:
    """The new state, the line of the history, the fact, and word to the holder."""
    before, at = licence.state, now()
    licence.state = states.after(act, before)
    Licence.objects.filter(pk=licence.pk).update(state=licence.state, state_at=at)
    change = LicenceChange.objects.create(
        licence=licence,
        act=act,
        from_state=before,
        to_state=licence.state,
        reason=reason.strip(),
        document=document.strip()[:200],
        file_id=file_id,
        until_on=until_on,
        actor_kind=actor.kind,
        account_id=actor.account_id,
        department_id=actor.department_id,
        at=at,
    )
    person_id = None if licence.holder_kind == COMPANY else licence.holder_id
    record(
        "licences.changed", actor=actor, subject=licence, person_id=person_id, data={"act": act, "to": licence.state}
    )
    _tell(licence, states.called(act, before), reason)
    return change


def _tell(licence: Licence, act: str, reason: str) -> None:
    if licence.holder_id is None:
        return
    company = licence.holder_kind == COMPANY
    words = {
        "licence": licence.type_name,
        "issuer": licence.issuer_name,
        "act": ACT_NAMES[act],
        "reason": reason.strip(),
    }
    for person_id in persons_of_company(licence.holder_id) if company else [licence.holder_id]:
        notify(
            person_id=person_id,
            template="licences.changed",
            data=words,
            subject=f"licence:{licence.pk}",
            link=f"/my/licences/{licence.pk}/",
        )


def _act(
    actor: Actor,
    licence_id: UUID,
    act: str,
    reason: str,
    document: str,
    file_id: UUID | None,
    until_on: date | None = None,
) -> Licence:
    licence = _asked(actor, licence_id, act, reason, document, until_on=until_on)
    _noted(actor, licence, act, reason=reason, document=document, file_id=file_id, until_on=until_on)
    return licence


@transaction.atomic
def suspend(
    *,
    actor: Actor,
    licence_id: UUID,
    reason: str,
    document: str,
    file_id: UUID | None = None,
    until_on: date | None = None,
) -> Licence:
    """暂扣: it does not count until it is restored, or until the day after `until_on`."""
    return _act(actor, licence_id, "suspend", reason, document, file_id, until_on)


@transaction.atomic
def restore(*, actor: Actor, licence_id: UUID, reason: str, document: str = "", file_id: UUID | None = None) -> Licence:
    """恢复."""
    return _act(actor, licence_id, "restore", reason, document, file_id)


@transaction.atomic
def cancel(*, actor: Actor, licence_id: UUID, reason: str, document: str = "", file_id: UUID | None = None) -> Licence:
    """注销 (行政许可法第七十条)."""
    return _act(actor, licence_id, "cancel", reason, document, file_id)


@transaction.atomic
def revoke(*, actor: Actor, licence_id: UUID, reason: str, document: str, file_id: UUID | None = None) -> Licence:
    """吊销: a punishment, by a decision that is named."""
    return _act(actor, licence_id, "revoke", reason, document, file_id)


@transaction.atomic
def annul(*, actor: Actor, licence_id: UUID, reason: str, document: str, file_id: UUID | None = None) -> Licence:
    """撤销: it was wrongly granted (行政许可法第六十九条)."""
    return _act(actor, licence_id, "annul", reason, document, file_id)


@transaction.atomic
def declare_lost(
    *, actor: Actor, licence_id: UUID, reason: str, document: str = "", file_id: UUID | None = None
) -> Licence:
    """遗失作废, said by the holder himself or noted by the issuer; it may be given anew (`renew`)."""
    return _act(actor, licence_id, "declare_lost", reason, document, file_id)


@transaction.atomic
def check_yearly(
    *, actor: Actor, licence_id: UUID, reason: str, document: str = "", file_id: UUID | None = None
) -> Licence:
    """年检: the conditions were looked at today and still hold."""
    licence = _act(actor, licence_id, "check_yearly", reason, document, file_id)
    licence.checked_on = today()
    Licence.objects.filter(pk=licence.pk).update(checked_on=licence.checked_on)
    return licence


@transaction.atomic
def change(
    *,
    actor: Actor,
    licence_id: UUID,
    fields: Mapping[str, Any],
    reason: str,
    holder_name: str = "",
    document: str = "",
    file_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Licence:
    """变更: the next version, with these values in place of the old ones; its days stay. The old version is superseded."""
    old = _asked(actor, licence_id, "change", reason, document)
    _noted(actor, old, "change", reason=reason, document=document, file_id=file_id)
    new = {
        "fields": old.fields | dict(fields),
        "valid_from": old.valid_from or old.issued_on,
        "valid_until": old.valid_until,
    }
    return _next(actor, old, holder_name or old.holder_name, reason, document, case_id, **new)


@transaction.atomic
def renew(
    *,
    actor: Actor,
    licence_id: UUID,
    reason: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    document: str = "",
    file_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Licence:
    """延续, or 补发 of a lost one: the next version, from a day (today at the latest).

    It is in force at once, and from that moment the old one is not. Without `valid_until` the time its type says runs on from
    the old last day (a lost one is given anew, not for longer).
    """
    old = _asked(actor, licence_id, "renew", reason, document)
    if valid_from and valid_from > today():
        raise ActRefused(reasons=[Reason("licences.from_later", ACT_WORDS["from_later"], "valid_from")])
    lost = old.state == states.LOST
    until = valid_until or (old.valid_until if lost else runs_until(old, valid_from))
    if until is None and old.valid_until is not None:  # what had an end does not become endless because nobody said one
        raise ActRefused(reasons=[Reason("licences.until_missing", ACT_WORDS["until_missing"], "valid_until")])
    _noted(actor, old, "renew", reason=reason, document=document, file_id=file_id)
    new = {"fields": old.fields, "valid_from": valid_from or today(), "valid_until": until}
    return _next(actor, old, old.holder_name, reason, document, case_id, **new)


def _next(
    actor: Actor, old: Licence, name: str, reason: str, document: str, case_id: UUID | None, **new: Any
) -> Licence:
    last = Licence.objects.filter(family_id=old.family_id).aggregate(last=Max("version"))["last"]
    row = composed(
        old.type_code,
        old.issuer_id,
        Holder(old.holder_kind, old.holder_number, name, old.holder_id),
        at=now(),
        place=Place(family_id=old.family_id, serial=old.serial, version=last + 1, number=old.number),
        **new,
    )
    row |= {
        "case_id": case_id,
        "basis": f"{reason.strip()}　{document.strip()}".strip()[:500],
        "made_by": actor.account_id,
    }
    row["source"] = Licence.Source.CASE if case_id else Licence.Source.STAFF
    licence = Licence.objects.create(**row)
    note_issued(actor, licence)
    return licence


def expire_due() -> dict[str, int]:
    """What the calendar does each night: licences past their last day expire; a suspension past its last day is lifted.

    Each in a transaction of its own; those that nobody may act upon meanwhile are left for the next night.
    """
    on = today()
    ended = Licence.objects.filter(state__in=states.CURRENT, valid_until__lt=on).order_by("valid_until")
    suspension = LicenceChange.objects.filter(licence=OuterRef("pk"), act="suspend").order_by("-at")
    lifted = Licence.objects.filter(state=states.SUSPENDED).annotate(until=Subquery(suspension.values("until_on")[:1]))
    lifted = lifted.filter(until__lt=on)
    counts = {"expire": 0, "restore": 0}
    for act, rows, reason in (("expire", ended, "有效期届满"), ("restore", lifted, "暂扣期届满")):
        for licence_id in list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE]):
            counts[act] += _by_calendar(licence_id, act, reason)
    return counts


@transaction.atomic
def _by_calendar(licence_id: UUID, act: str, reason: str) -> int:
    licence = Licence.objects.select_for_update(skip_locked=True).filter(pk=licence_id).first()
    if licence is None or not states.may(act, licence.state):
        return 0
    _noted(BY_RULE, licence, act, reason=reason)
    return 1
