"""Keeping a seal (保管), and letting it rest (停用, 恢复)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import may, permit, require_proof
from tongban.foundation.kernel.clock import now
from tongban.foundation.seals.errors import NotAKeeper, ReasonMissing, SamePerson, WrongState, reasons_of
from tongban.foundation.seals.models import Custody, Seal, Standing
from tongban.foundation.seals.queries import APPLY, KEEP, REVIEW, seal_for_actor
from tongban.foundation.seals.rules import is_reason

from .applying import may_keep
from .states import entered

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def _reason(text: str) -> str:
    if not is_reason(text):
        raise ReasonMissing(reasons=reasons_of([("reason", "purpose")]))
    return text.strip()


@transaction.atomic
def hand_over(*, actor: Actor, seal_id: UUID, keeper_id: UUID, reason: str) -> Seal:
    """Another person keeps the seal from now on. The keeper himself hands it over, or whoever applies for the department's seals."""
    seal = seal_for_actor(actor, seal_id, lock=True)
    if seal.keeper_id not in actor.names:
        permit(actor, APPLY, department_id=seal.department_id)
    else:
        permit(actor, KEEP, department_id=seal.department_id)
    require_proof(actor)
    if seal.state == Seal.State.CANCELLED:
        raise WrongState
    if keeper_id not in dict(may_keep(seal.department_id)) or keeper_id == seal.keeper_id:
        raise NotAKeeper(reasons=reasons_of([("keeper", "keeper")]))
    reason, at = _reason(reason), now()
    seal.custodies.filter(until=None).update(until=at)
    Custody.objects.create(seal=seal, keeper_id=keeper_id, since=at, handed_over_by=actor.account_id, reason=reason)
    seal.keeper_id = keeper_id
    seal.save(update_fields=["keeper_id"])
    record("seals.handed_over", actor=actor, subject=seal, data={"keeper": str(keeper_id)})
    return seal


@transaction.atomic
def suspend_seal(*, actor: Actor, seal_id: UUID, reason: str, document: str = "") -> Seal:
    """Stop a seal at once: its keeper, its department or the registrar may. Nothing is stamped with it until it is resumed."""
    seal = seal_for_actor(actor, seal_id, lock=True)
    office, division = seal.department_id, seal.department.division_id
    if seal.keeper_id not in actor.names and not may(actor, REVIEW, department_id=office, division=division):
        permit(actor, APPLY, department_id=office, division=division)
    since = entered(actor, seal, Seal.State.SUSPENDED, reason=_reason(reason), document=document[:100])
    record("seals.suspended", actor=actor, subject=seal, data={"since": since.isoformat()})
    return seal


@transaction.atomic
def resume_seal(*, actor: Actor, seal_id: UUID, reason: str, document: str = "") -> Seal:
    """Let a suspended seal be used again: the registrar decides, and not the person who stopped it."""
    seal = seal_for_actor(actor, seal_id, lock=True, verb=REVIEW)
    if seal.state != Seal.State.SUSPENDED:
        raise WrongState
    stopped = Standing.objects.filter(seal=seal, until=None).first()
    if stopped is not None and stopped.by is not None and stopped.by in actor.names:
        raise SamePerson
    entered(actor, seal, Seal.State.IN_USE, reason=_reason(reason), document=document[:100])
    record("seals.resumed", actor=actor, subject=seal)
    return seal
