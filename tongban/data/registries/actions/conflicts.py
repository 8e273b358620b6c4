"""Two sources that differ: a steward says which stands, or has the source's department look, which answers."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.registries.errors import SettledMeanwhile, SettlingRefused
from tongban.data.registries.models import Conflict, Earlier, Record, Register
from tongban.data.registries.queries import clearance_for
from tongban.data.registries.rules import candidates, standing
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index

from .building import sources_gathered

DECIDE = "registries.decide"
NEEDED = {
    "choice": _("请选一个来源的值。"),
    "reason": _("请写明理由，至少四个字。"),
    "department": _("请选要核实的来源。"),
}
UNSETTLED = (Conflict.State.OPEN, Conflict.State.RETURNED)


@transaction.atomic
def decide_conflict(*, actor: Actor, conflict_id: UUID, digest: str, choice: int, reason: str) -> Conflict:
    """Which of the candidates stands (`choice`: its number in `queries.conflict`), until a source says something else.

    `digest` is that of what was looked at: when the sources changed meanwhile, nothing is decided (`SettledMeanwhile`).
    """
    one, kept = _locked(actor, conflict_id)
    if one.digest != digest or one.state == Conflict.State.GONE:
        raise SettledMeanwhile
    said = [each for each in candidates(kept.values, kept.origins, one.element) if each["fit"]]
    _check({"choice": 0 <= choice < len(said), "reason": len(reason.strip()) >= 4})
    chosen = said[choice]
    settled = standing(kept.values, kept.origins, one.element, dataset=chosen["dataset"], value=chosen["value"])
    if settled is None:
        raise SettledMeanwhile
    _keep(kept, *settled)
    one.state, one.chosen = Conflict.State.DECIDED, {"dataset": chosen["dataset"], "value": chosen["value"]}
    one.reason, one.decided_by, one.decided_at = reason.strip()[:500], actor.account_id, now()
    one.save(update_fields=["state", "chosen", "reason", "decided_by", "decided_at"])
    data = {"element": one.element, "dataset": chosen["dataset"], "why": one.reason}
    record("registries.conflict_decided", actor=actor, subject=f"record:{kept.pk}", data=data)
    return one


@transaction.atomic
def return_conflict(*, actor: Actor, conflict_id: UUID, dataset: str, reason: str) -> Conflict:
    """Have the department of one of the sources look: it corrects its own data, and the next gathering brings it in."""
    one, kept = _locked(actor, conflict_id)
    if one.state not in UNSETTLED:
        raise SettledMeanwhile
    _check({"department": dataset in one.datasets, "reason": len(reason.strip()) >= 4})
    one.state, one.reason = Conflict.State.RETURNED, reason.strip()[:500]
    one.returned_to = sources_gathered([dataset])[dataset].department_id
    one.decided_by, one.decided_at = actor.account_id, now()
    one.save(update_fields=["state", "returned_to", "reason", "decided_by", "decided_at"])
    data = {"element": one.element, "dataset": dataset, "why": one.reason}
    record("registries.conflict_returned", actor=actor, subject=f"record:{kept.pk}", data=data)
    return one


@transaction.atomic
def answer_conflict(*, actor: Actor, conflict_id: UUID, corrected: bool, reason: str) -> Conflict:
    """The source's department has looked. `corrected`: it mends its own data, and the next gathering brings that in; else what it said
    stands, and whoever keeps the register has to decide. Only the department it was sent back to answers,
    or the platform in its stead."""
    known = find(Conflict.objects.all(), pk=conflict_id)
    permit(actor, DECIDE, department_id=known.returned_to)
    kept = Record.objects.select_for_update().get(pk=known.record_id)
    one = Conflict.objects.select_for_update().get(pk=conflict_id)
    if one.state != Conflict.State.RETURNED or one.returned_to != known.returned_to:
        raise SettledMeanwhile
    _check({"reason": len(reason.strip()) >= 4})
    one.state = Conflict.State.RETURNED if corrected else Conflict.State.OPEN
    words = _("来源部门已更正：%(text)s") if corrected else _("来源部门核实无误：%(text)s")
    one.reason = (words % {"text": reason.strip()})[:500]
    one.save(update_fields=["state", "reason"])
    data = {"element": one.element, "corrected": corrected, "why": reason.strip()[:500]}
    record("registries.conflict_answered", actor=actor, subject=f"record:{kept.pk}", data=data)
    return one


def _locked(actor: Actor, conflict_id: UUID) -> tuple[Conflict, Record]:
    """The record first, as a build locks them."""
    known = find(Conflict.objects.all(), pk=conflict_id)
    register = find(Register.objects.all(), pk=known.register)
    grade = clearance_for(register)
    permit(
        actor, DECIDE, department_id=register.department_id, grade=grade
    )  # nobody decides between values that he may not see
    kept = Record.objects.select_for_update().get(pk=known.record_id)
    return Conflict.objects.select_for_update().get(pk=conflict_id), kept


def _check(held: dict[str, bool]) -> None:
    faults = [name for name, stands in held.items() if not stands]
    if faults:
        raise SettlingRefused(reasons=[Reason(name, NEEDED[name], name) for name in faults])


def _keep(kept: Record, values: dict[str, object], origins: dict[str, object]) -> None:
    """The record as it is now; what it said before goes into its history."""
    at = now()
    Earlier.objects.create(
        record=kept, values=kept.values, origins=kept.origins, known_at=kept.known_at, until_at=at, state=kept.state
    )
    kept.values, kept.origins, kept.known_at = values, origins, at
    kept.digest = blind_index(json.dumps(values, ensure_ascii=False) + json.dumps(origins, ensure_ascii=False))
    kept.save(update_fields=["values", "origins", "known_at", "digest"])
