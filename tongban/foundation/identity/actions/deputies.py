"""代理: naming a colleague who acts while one is away, and ending it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import DeputyRefused
from tongban.foundation.identity.models import Account, Deputy
from tongban.foundation.identity.queries.acting import appointments_in_force
from tongban.foundation.identity.queries.deputies import overlapping
from tongban.foundation.identity.rules import deputy_faults, lendable, lent
from tongban.foundation.kernel.actors import may, permit, require_proof
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.lookup import find

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

NAME, RIGHTS = "identity.depute", "identity.manage_rights"
WORDS = {
    "days_missing": _("请填写代理的第一天和最后一天。"),
    "in_the_past": _("代理的第一天不能早于今天。"),
    "ends_before": _("代理的最后一天不能早于第一天。"),
    "too_long": _("代理最长3个月。更长的，请由系统管理员任职。"),
    "himself": _("代理人不能是自己。"),
    "no_colleague": _("请选择本部门在岗的同事。"),
    "nothing_to_lend": _("请至少选择一项可以代理的事。"),
    "taken": _("这个岗位在这些天里已经有代理人，请先结束原来的代理。"),
    "away": _("这位同事在这些天里自己也委托了别人代理，请另选一位。"),
    "deputising": _("您在这些天里正在代理别人，先结束那个代理，或者另选日期。代理的事不能再转给第三人。"),
}


@transaction.atomic
def name_deputy(
    *,
    actor: Actor,
    account_id: UUID | None,
    starts_on: date | None,
    until_on: date | None,
    verbs: Iterable[str] = (),
    reason: str = "",
) -> Deputy:
    """Let a colleague of the department act at the actor's post from one day to another, whole or for some rights.

    Whoever acts for another cannot pass that on; overlapping and circular deputising is refused with every reason.
    """
    permit(actor, NAME, owner_id=actor.account_id)
    require_proof(actor)
    role, named = next(iter(actor.roles), ""), sorted(set(verbs))
    # In one order, so that two who name each other at the same moment wait instead of both being let through.
    accounts = Account.objects.filter(pk__in=[pk for pk in (actor.account_id, account_id) if pk])
    list(accounts.order_by("pk").select_for_update())
    faults = deputy_faults(
        starts_on=starts_on,
        until_on=until_on,
        today=today(),
        himself=account_id == actor.account_id,
        colleague=_is_colleague(actor, account_id),
        lends_something=bool(lent(role, named)) and set(named) <= set(lendable(role)),
        **_in_the_way(actor, account_id, starts_on, until_on),
    )
    if faults or account_id is None or starts_on is None or until_on is None:
        raise DeputyRefused(reasons=[Reason(f"identity.{code}", WORDS[code], field) for field, code in faults])
    row = Deputy.objects.create(
        account_id=account_id, principal_id=actor.account_id, post_id=actor.post_id, verbs=named, starts_on=starts_on,
        until_on=until_on, reason=reason.strip()[:200], named_at=now(),
    )  # fmt: skip
    record(
        "identity.deputy_named",
        actor=actor,
        subject=row,
        data={"account": str(account_id), "principal": str(actor.account_id), "post": str(actor.post_id), "verbs": named,
              "starts_on": str(starts_on), "until_on": str(until_on)},
    )  # fmt: skip
    return row


def _is_colleague(actor: Actor, account_id: UUID | None) -> bool:
    held = appointments_in_force(account=account_id, post__department=actor.department_id)
    return account_id is not None and held.filter(account__is_active=True).exists()


def _in_the_way(actor: Actor, account_id: UUID | None, starts: date | None, until: date | None) -> dict[str, bool]:
    if starts is None or until is None:
        return {"taken": False, "away": False, "deputising": False}
    return {
        "taken": overlapping(starts, until, principal=actor.account_id, post=actor.post_id).exists(),
        "away": account_id is not None and overlapping(starts, until, principal=account_id).exists(),
        "deputising": overlapping(starts, until, account=actor.account_id).exists(),
    }


@transaction.atomic
def end_deputising(*, actor: Actor, deputy_id: UUID) -> Deputy:
    """End it before its last day: by whoever named the deputy, by the deputy, or by the security administrator."""
    row = find(Deputy.objects.select_for_update(), pk=deputy_id)
    own = actor.kind == "staff" and actor.account_id in (row.principal_id, row.account_id)
    if not own and not may(actor, RIGHTS):
        raise NotAllowed
    if row.ended_at is None:
        row.ended_at, row.ended_by_id = now(), actor.account_id
        row.save(update_fields=["ended_at", "ended_by"])
        record("identity.deputy_ended", actor=actor, subject=row, data={"account": str(row.account_id)})
    return row
