"""A register's title and keeper changed: asked for by one administrator, agreed to by another."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from tongban.data.registries.errors import AmendmentMoved, RegisterRefused
from tongban.data.registries.models import Amendment, Register, RegisterState
from tongban.data.registries.queries import FAULTS
from tongban.data.registries.rules import title_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import departments_of

from .building import MANAGE


@transaction.atomic
def ask_for_amendment(*, actor: Actor, register: str, title: str, department_id: UUID | None, reason: str) -> Amendment:
    """What a register is to be called and who is to keep it, for another administrator to agree to.

    Refuses with everything that is wrong (`RegisterRefused`), and while another one waits (`AmendmentMoved`).
    """
    one = find(Register.objects.select_for_update(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    title, reason = title.strip(), reason.strip()
    faults = title_faults(title)
    if department_id is None or (
        department_id != one.department_id and department_id not in {each.pk for each in departments_of()}
    ):
        faults.append(("department", "department"))
    faults += [("same", "title")] if (title, department_id) == (one.title, one.department_id) else []
    faults += [("reason", "reason")] if len(reason) < 4 else []
    if faults or department_id is None:
        raise RegisterRefused(reasons=[Reason(fault, FAULTS[fault], field) for fault, field in faults])
    permit(actor, MANAGE, department_id=department_id)
    if one.amendments.filter(state=Amendment.State.IN_REVIEW).exists():
        raise AmendmentMoved
    made = Amendment.objects.create(
        register=one, title_before=one.title, title=title, department_before_id=one.department_id, department_id=department_id,
        reason=reason[:300], asked_by=actor.account_id, asked_at=now(),
    )  # fmt: skip
    record("registries.amendment_asked", actor=actor, subject=f"register:{one.code}", data=_said(made))
    return made


@transaction.atomic
def agree_to_amendment(*, actor: Actor, amendment_id: UUID) -> Amendment:
    """Another's yes: the register is called so and kept by them from now on."""
    made, one = _locked(actor, amendment_id)
    require_proof(actor)
    if made.asked_by is not None and made.asked_by in actor.names:
        raise RegisterRefused(reasons=[Reason("himself", FAULTS["himself"])])
    one.title, one.department_id = made.title, made.department_id
    one.save(update_fields=["title", "department_id"])
    RegisterState.objects.filter(name=one.code, source=made.title_before).update(source=made.title)
    _answer(made, Amendment.State.AGREED, actor)
    record("registries.amended", actor=actor, subject=f"register:{one.code}", data=_said(made))
    return made


@transaction.atomic
def turn_down_amendment(*, actor: Actor, amendment_id: UUID, reason: str = "") -> Amendment:
    """Not like this: the register stays as it is. Whoever asked takes it back so, without a reason; another says why."""
    made, one = _locked(actor, amendment_id)
    his_own, reason = made.asked_by in actor.names, reason.strip()[:300]
    if not his_own and len(reason) < 4:
        raise RegisterRefused(reasons=[Reason("reason", FAULTS["reason"], "reason")])
    _answer(made, Amendment.State.TAKEN_BACK if his_own else Amendment.State.TURNED_DOWN, actor, reason)
    data = _said(made) | {"state": made.state, "why": reason}
    record("registries.amendment_turned_down", actor=actor, subject=f"register:{one.code}", data=data)
    return made


def _locked(actor: Actor, amendment_id: UUID) -> tuple[Amendment, Register]:
    """The register first, as everything that changes it locks it. He must be in charge of both who keeps it and who is to."""
    known = find(Amendment.objects.all(), pk=amendment_id)
    one = Register.objects.select_for_update().get(pk=known.register_id)
    permit(actor, MANAGE, department_id=one.department_id)
    permit(actor, MANAGE, department_id=known.department_id)
    made = Amendment.objects.select_for_update().get(pk=amendment_id)
    if made.state != Amendment.State.IN_REVIEW:
        raise AmendmentMoved
    return made, one


def _answer(made: Amendment, state: str, actor: Actor, reason: str = "") -> None:
    made.state, made.answered_by, made.answered_at, made.answer = state, actor.account_id, now(), reason
    made.save(update_fields=["state", "answered_by", "answered_at", "answer"])


def _said(made: Amendment) -> dict[str, str]:
    return {
        "title_before": made.title_before, "title": made.title,
        "department_before": str(made.department_before_id), "department": str(made.department_id),
    }  # fmt: skip
