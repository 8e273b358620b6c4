"""A register as a file: masked, for a purpose, and written down."""

from __future__ import annotations

from django.db import transaction

from tongban.data.registries.errors import LookRefused
from tongban.data.registries.models import Record
from tongban.data.registries.queries import NEEDED, register_of
from tongban.data.registries.rules import purpose_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, require_proof
from tongban.foundation.kernel.errors import Reason

MOST = 5_000


@transaction.atomic
def export_records(*, actor: Actor, register: str, purpose: str, case_no: str) -> list[Record]:
    """The records of a register for a file that its page masks, five thousand at most; the fact says how many and what for."""
    one = register_of(actor, register)
    require_proof(actor)
    faults = purpose_faults(purpose, case_no)
    if faults:
        raise LookRefused(reasons=[Reason(fault, NEEDED[fault], fault) for fault in faults])
    rows = list(Record.objects.filter(register=one.code, state=Record.State.HELD).order_by("id")[:MOST])
    data = {"what": one.code, "rows": len(rows), "purpose": purpose[:200], "case_no": case_no[:60], "masked": True}
    record("registries.exported", actor=actor, subject=f"register:{one.code}", data=data)
    return rows
