"""Watching, and what becomes of an alert."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.audit.queries import loose_ends, recent_alterations
from tongban.foundation.identity.queries import (
    clashing_accounts,
    guards_that_are_off,
    unwritten_clearances,
    unwritten_rights,
)
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import notify

from .errors import AlertRefused, RuleRefused
from .models import Alert, Mark, Rule
from .queries import InForce, guards, happenings, newcomers, read_until, rules_in_force, unwritten_rules
from .rules import LATE, MOVES, WATCHES, Crowd, crowds_of, move_faults, rule_faults
from .words import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

WATCHER = Actor(kind="system", name="threats")
SENTENCES = {
    "state": _("这条告警已经不在这一步，请刷新后再看。"),
    "words": _("请写明查到了什么、怎样处理的，4至500个字。"),
    "same_person": _("处理和复核须由不同的人，请另一位安全管理员或审计管理员复核。"),
    "most": _("次数填1至1000000之间的整数。"),
    "minutes": _("时段填1至1440之间的整数（分钟）。"),
    "reason": _("请写明为什么改，4至500个字。"),
}


def watch() -> list[Alert]:
    """Ask every rule in force who reached its number; the alerts that were opened. Safe to repeat.

    Only what is new since it was last asked is read, and of those alone who did it, what they did in the rule's period.
    """
    until, read, opened = now(), read_until(), []
    rules = [rule for rule in rules_in_force().values() if rule.is_active]
    for rule in rules:
        opened += _asked(rule, read=read.get((rule.kind, rule.version)), until=until)
    marks = [Mark(kind=rule.kind, version=rule.version, read_until=until) for rule in rules]
    Mark.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["kind"], update_fields=["version", "read_until"]
    )
    return opened


def _asked(rule: InForce, *, read: datetime | None, until: datetime) -> list[Alert]:
    period = until - timedelta(minutes=rule.minutes)
    opened = []
    for who in sorted(newcomers(rule, since=max(period, read - LATE) if read else period, until=until)):
        for crowd in crowds_of(happenings(rule, since=period, until=until, who=who), rule.most):
            opened += [alert] if (alert := _noticed(rule, crowd)) else []
    return opened


@transaction.atomic
def _noticed(rule: InForce, crowd: Crowd) -> Alert | None:
    """A new alert; None where one stands open for the same who (it grows), or nothing came since the last was closed."""
    last = Alert.objects.select_for_update().filter(kind=rule.kind, who=crowd.who).order_by("-opened_at").first()
    if last and last.state != Alert.State.CLOSED:
        if crowd.last > last.last_at:
            last.count, last.last_at = max(last.count, crowd.count), crowd.last
            last.save(update_fields=["count", "last_at"])
        return None
    if last and last.last_at >= crowd.first:
        later = happenings(rule, since=last.last_at + timedelta(microseconds=1), until=now(), who=crowd.who)
        crowd = next(iter(crowds_of([one for one in later if one.who == crowd.who], rule.most)), None)  # type: ignore[assignment]
    return _open(rule, crowd) if crowd else None


def _open(rule: InForce, crowd: Crowd) -> Alert:
    alert = Alert.objects.create(
        kind=rule.kind, version=rule.version, who=crowd.who, count=crowd.count,
        first_at=crowd.first, last_at=crowd.last, opened_at=now(),
    )  # fmt: skip
    record("threats.alert_opened", actor=WATCHER, subject=alert, data={"kind": rule.kind, "count": crowd.count})
    for account_id in guards():
        notify(
            template="threats.alert", data={"kind": str(NAMES[rule.kind]), "count": crowd.count}, account_id=account_id,
            subject=f"alert:{alert.pk}", link=f"/console/threats/{alert.pk}/",
        )  # fmt: skip
    return alert


def check_trail() -> int:
    """Verify what was added to the audit trail of late; how many alterations. What is found becomes an alert."""
    found = recent_alterations()
    data = {"faults": len(found), "first": found[0].stream if found else ""}
    record("threats.trail_checked", actor=WATCHER, subject="trail", data=data)
    return len(found)


def check_house(*, altered: Sequence[str] = ()) -> list[str]:
    """Program, audit trail and configuration held against what was written down of them; at every start and every night.

    `altered`: files of the program that are not as they were packed. What is found becomes an alert.
    """
    found = [
        *(f"file:{name}" for name in altered),
        *(f"audit:{end}" for end in loose_ends()),
        *(f"account:{account.pk}" for account, _seats in clashing_accounts()),
        *guards_that_are_off(),
        *unwritten_rights(),
        *unwritten_clearances(),
        *(f"threat-rule:{rule.kind}" for rule in unwritten_rules()),
    ]
    record("threats.house_checked", actor=WATCHER, subject="house", data={"faults": len(found), "found": found[:20]})
    return found


def _moved(actor: Actor, alert_id: UUID, verb: str, words: str) -> Alert:
    alert = find(Alert.objects.select_for_update(), pk=alert_id)
    mine = alert.handled_by is not None and alert.handled_by in actor.names
    faults = move_faults(verb, state=alert.state, words=words, same_person=mine)
    if faults:
        raise AlertRefused(reasons=[Reason(code, SENTENCES[code], field) for field, code in faults])
    alert.state = MOVES[verb][1]
    return alert


@transaction.atomic
def take(*, actor: Actor, alert_id: UUID) -> Alert:
    """Say that one is looking into it."""
    permit(actor, "threats.handle")
    alert = _moved(actor, alert_id, "take", "")
    alert.taken_by = actor.account_id
    alert.save()
    record("threats.alert_taken", actor=actor, subject=alert)
    return alert


@transaction.atomic
def handle(*, actor: Actor, alert_id: UUID, finding: str) -> Alert:
    """Write down what was found and done; another person verifies it."""
    permit(actor, "threats.handle")
    finding = finding.strip()
    alert = _moved(actor, alert_id, "handle", finding)
    alert.finding, alert.handled_by, alert.handled_at = finding, actor.account_id, now()
    alert.save()
    record("threats.alert_handled", actor=actor, subject=alert)
    return alert


@transaction.atomic
def verify(*, actor: Actor, alert_id: UUID, opinion: str, agreed: bool) -> Alert:
    """Close an alert that somebody else has handled, or send it back to him."""
    permit(actor, "threats.verify")
    opinion = opinion.strip()
    alert = _moved(actor, alert_id, "close" if agreed else "send_back", opinion)
    alert.opinion = opinion
    if agreed:
        alert.verified_by, alert.verified_at = actor.account_id, now()
    alert.save()
    record("threats.alert_closed" if agreed else "threats.alert_sent_back", actor=actor, subject=alert)
    return alert


@transaction.atomic
def tune(*, actor: Actor, kind: str, most: int | None, minutes: int | None, is_active: bool, reason: str) -> Rule:
    """Give a rule new numbers, or put it to rest: a new version from now on, with the reason for it."""
    permit(actor, "threats.tune")
    if kind not in WATCHES:
        raise NotFound
    last = Rule.objects.select_for_update().filter(kind=kind).order_by("-version").first()
    reason = reason.strip()
    if faults := rule_faults(most=most, minutes=minutes, reason=reason):
        raise RuleRefused(reasons=[Reason(code, SENTENCES[code], field) for field, code in faults])
    data: dict[str, Any] = {"most": most, "minutes": minutes, "is_active": is_active}
    rule = Rule.objects.create(
        kind=kind,
        version=last.version + 1 if last else 1,
        reason=reason,
        changed_by=actor.account_id,
        changed_at=now(),
        **data,
    )
    record("threats.rule_changed", actor=actor, subject=f"threat-rule:{kind}", data={**data, "version": rule.version})
    return rule
