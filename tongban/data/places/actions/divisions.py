"""Divisions taken over from the data standards: the code set's version that holds today, in the background, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction

from tongban.data.places.errors import DivisionsHeld, DivisionsMoved, TakeoverEnded, TakeoverUnderWay
from tongban.data.places.gateways import alone, take_in, telling_aside
from tongban.data.places.models import Takeover
from tongban.data.places.queries import MANAGE, held_version
from tongban.data.places.rules import level_of
from tongban.data.standards.queries import every_code, set_in_force
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, installer, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find

DIVISIONS = "XZQH"  # key of the code set
TAKE_OVER = "places.take_over"
INTERRUPTED = "places.interrupted"
SUBJECT = "places:divisions"
MACHINE = installer(MANAGE)


@transaction.atomic
def start_takeover(*, actor: Actor, later: bool = True) -> Takeover:
    """What the code set says today is to become the tree, in the background: what is new begins on the version's day, what is gone or
    renamed ends on it.

    Refuses while another is under way (`TakeoverUnderWay`), what is held already (`DivisionsHeld`) and a version that is older than
    what is held, or none (`DivisionsMoved`).
    """
    permit(actor, MANAGE)
    version, held = set_in_force(DIVISIONS), held_version()
    if version is None or (held and (version.version < held[0] or version.effective_on < held[1])):
        raise DivisionsMoved
    if held and version.version == held[0]:
        raise DivisionsHeld
    said = {"version": version.version, "version_id": version.pk, "effective_on": version.effective_on}
    counted = {"expected": version.values_count, "began_by": actor.account_id, "began_at": now(), "moved_at": now()}
    made, is_ours = Takeover.objects.get_or_create(ended_at=None, defaults=said | counted)  # of two at once one is
    if not is_ours:
        raise TakeoverUnderWay
    record("places.takeover_started", actor=actor, subject=SUBJECT, data={"version": made.version})
    if later:
        defer(TAKE_OVER, takeover_id=made.pk, lock="places")
    return made


def carry_out_takeover(*, takeover_id: UUID | str) -> Takeover:
    """All of it in one transaction, how far it is told beside it. Safe to call again: killed half-way, nothing of it was done.

    What a rule refuses ends it; when the database fails under it, the queue tries again until somebody gives it up.
    """
    one = find(Takeover.objects.all(), pk=takeover_id)
    if one.ended_at:
        return one
    with telling_aside(one.pk) as tell:
        tell(state=Takeover.State.RUNNING, fault="")
        try:
            _carried_out(one.pk, tell)
        except TongbanError as fault:
            _end(one.pk, Takeover.State.FAILED, fault=fault.code)
        except (
            DatabaseError,
            InterfaceError,
        ):  # no room on the disk, the server gone: told over a connection of its own
            tell(state=Takeover.State.FAILED, fault=INTERRUPTED, rows=0)
            raise
    one.refresh_from_db()
    return one


def take_over(*, actor: Actor) -> dict[str, int]:
    """Begun and carried out at once, for set-up and tests: counts of divisions, those that ended and those that began."""
    try:
        one = carry_out_takeover(takeover_id=start_takeover(actor=actor, later=False).pk)
    except DivisionsHeld:
        version = set_in_force(DIVISIONS)
        return {"divisions": version.values_count if version else 0, "ended": 0, "added": 0}
    return dict(one.counts)


@transaction.atomic
def give_up_takeover(*, actor: Actor, takeover_id: UUID) -> Takeover:
    """Not any more: the tree stays as it was, whatever the worker had done of it. Refused once it has ended (`TakeoverEnded`)."""
    permit(actor, MANAGE)
    one = find(Takeover.objects.select_for_update(), pk=takeover_id)
    if one.ended_at:
        raise TakeoverEnded
    one.state, one.ended_at, one.moved_at = Takeover.State.GIVEN_UP, now(), now()
    one.save(update_fields=["state", "ended_at", "moved_at"])
    record("places.takeover_given_up", actor=actor, subject=SUBJECT, data={"version": one.version})
    return one


@transaction.atomic
def _carried_out(takeover_id: UUID, tell: Callable[..., None]) -> None:
    alone()
    one = Takeover.objects.get(pk=takeover_id)
    held = held_version()
    if one.ended_at:  # by another worker, or given up, while this one waited
        return
    if held and one.version <= held[0]:
        raise DivisionsMoved
    rows = ((code, name, parent, level_of(code)) for code, name, parent in every_code(one.version_id) if level_of(code))
    counts = take_in(rows, day=one.effective_on, at=now(), version=one.version, tell=tell)
    # Locked only now: until here it is written to from beside.
    one = Takeover.objects.select_for_update().get(pk=takeover_id)
    if one.ended_at:
        raise TakeoverEnded  # given up meanwhile: nothing of it stays
    one.counts, one.state, one.ended_at, one.moved_at = counts, Takeover.State.DONE, now(), now()
    one.rows, one.step = one.expected, ""
    one.save(update_fields=["counts", "state", "ended_at", "moved_at", "rows", "step"])
    data = {"version": one.version} | counts
    record("places.divisions_taken_over", actor=MACHINE, subject=SUBJECT, data=data)


def _end(takeover_id: UUID, state: str, *, fault: str) -> None:
    Takeover.objects.filter(pk=takeover_id, ended_at=None).update(
        state=state, fault=fault, ended_at=now(), moved_at=now()
    )
