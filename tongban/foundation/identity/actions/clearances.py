"""安全标记 of people: up to which grade of data an account may look. The security administrator's hand alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import ClearanceRefused
from tongban.foundation.identity.models import Account, Clearance
from tongban.foundation.identity.queries import clearance_of
from tongban.foundation.identity.rules import clearance_faults
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.grades import GRADES
from tongban.foundation.kernel.lookup import find

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

WORDS = {
    "grade": _("请选择一个级别。"),
    "same": _("现在就是这个级别。"),
    "himself": _("不能给自己调整级别，请由另一名安全管理员操作。"),
    "reason": _("请写明为什么调整，4至200个字。"),
}


@transaction.atomic
def set_clearance(*, actor: Actor, account_id: UUID, grade: int | None, reason: str) -> Clearance:
    """From now on the account sees data up to this grade (`kernel/grades`). What was given before stays readable; nobody clears himself."""
    permit(actor, "identity.manage_rights")
    require_proof(actor)
    account = find(Account.objects.select_for_update(), pk=account_id)
    before = clearance_of(account.pk)
    faults = clearance_faults(
        known=grade in GRADES, same=grade == before, himself=account.pk == actor.account_id, reason=reason.strip()
    )
    if faults or grade is None:
        raise ClearanceRefused(
            reasons=[Reason(f"identity.clearance_{code}", WORDS[code], field) for field, code in faults]
        )
    given = Clearance.objects.create(
        account=account,
        grade=grade,
        reason=reason.strip(),
        given_by_id=actor.account_id if actor.kind == "staff" else None,
    )
    record("identity.clearance_set", actor=actor, subject=account, data={"clearance": grade, "before": before})
    return given
