"""Proving again who one is before a binding step: what is written down of it, and how long it counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import ProofTermRefused
from tongban.foundation.identity.models import ProofTerm
from tongban.foundation.identity.rules import proof_term_faults
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason

if TYPE_CHECKING:
    from tongban.foundation.identity.models import Account

WORDS = {
    "minutes": _("填1至60之间的整数（分钟）。"),
    "starts_on": _("请填写开始执行的日期，不早于今天。"),
    "reason": _("请写明为什么改，4至200个字。"),
}


@transaction.atomic
def note_proof(*, actor: Actor, account: Account, how: str) -> None:
    """He has proved again who he is, by `password`, `code` or `passkey`."""
    record("identity.proved", actor=actor, subject=account, data={"how": how})


@transaction.atomic
def set_proof_term(*, actor: Actor, minutes: int | None, starts_on: date | None, reason: str) -> ProofTerm:
    """From a day on, a proof counts for so many minutes. What was set before stays readable."""
    permit(actor, "identity.manage_rights")
    require_proof(actor)
    faults = proof_term_faults(minutes=minutes, starts_on=starts_on, reason=reason.strip(), today=today())
    if faults or minutes is None or starts_on is None:
        raise ProofTermRefused(reasons=[Reason(f"identity.proof_{code}", WORDS[code], field) for field, code in faults])
    row = ProofTerm.objects.create(
        minutes=minutes, starts_on=starts_on, reason=reason.strip(), changed_by_id=actor.account_id
    )
    data = {"minutes": minutes, "starts_on": str(starts_on)}
    record("identity.proof_term_set", actor=actor, subject="proof-term", data=data)
    return row
