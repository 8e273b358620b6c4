"""The switch of an item (停用): at once in every process, for the intake statement asks for it when it commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.services.decisions.errors import AlreadyHalted, HaltRefused
from tongban.services.decisions.models import Halt
from tongban.services.items.actions.changed import touch
from tongban.services.items.queries import item_by_code

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.items.models import ServiceItem

HALT = "decisions.halt"


@transaction.atomic
def halt(*, actor: Actor, item_code: str, reason: str) -> Halt:
    """Let no application of an item be decided by rules from now on."""
    item = _permitted(actor, item_code, reason)
    try:
        with transaction.atomic():
            made = Halt.objects.create(
                item_code=item.code, department_id=item.department_id, reason=reason.strip(),
                halted_by=actor.account_id, halted_at=now(),
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyHalted from None
    touch()
    record("decisions.halted", actor=actor, subject=made, data={"item": item.code, "reason": made.reason})
    return made


@transaction.atomic
def lift(*, actor: Actor, item_code: str, reason: str) -> Halt:
    """Let the rules decide again."""
    item = _permitted(actor, item_code, reason)
    standing = Halt.objects.select_for_update().filter(item_code=item.code, lifted_at=None).first()
    if standing is None:
        raise AlreadyHalted
    standing.lift_reason, standing.lifted_by, standing.lifted_at = reason.strip(), actor.account_id, now()
    standing.save(update_fields=["lift_reason", "lifted_by", "lifted_at"])
    touch()
    record("decisions.lifted", actor=actor, subject=standing, data={"item": item.code, "reason": standing.lift_reason})
    return standing


def _permitted(actor: Actor, item_code: str, reason: str) -> ServiceItem:
    try:
        item = item_by_code(item_code)
    except NotFound:
        raise NotFound from None
    permit(actor, HALT, department_id=item.department_id, division=item.division_id)
    if len(reason.strip()) < 2 or len(reason) > 1000:
        raise HaltRefused(reasons=[Reason("decisions.halt_refused", HaltRefused.title, "reason")])
    return item
