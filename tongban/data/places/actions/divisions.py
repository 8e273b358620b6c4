"""Divisions taken over from the data standards: the code set's version that holds today."""

from __future__ import annotations

from django.db import transaction

from tongban.data.places.errors import DivisionsMoved
from tongban.data.places.gateways import alone, take_in
from tongban.data.places.queries import MANAGE, held_version
from tongban.data.places.rules import level_of
from tongban.data.standards.queries import every_code, set_in_force
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now

DIVISIONS = "XZQH"  # key of the code set


@transaction.atomic
def take_over(*, actor: Actor) -> dict[str, int]:
    """What the code set says today becomes the tree: what is new begins on the version's day, what is gone or renamed ends on it.

    Counts of divisions, those that ended and those that began. Taken over already, nothing changes. Refuses a version that is
    older than what is held (`DivisionsMoved`).
    """
    permit(actor, MANAGE)
    alone()
    version, held = set_in_force(DIVISIONS), held_version()
    if version is None or (held and (version.version < held[0] or version.effective_on < held[1])):
        raise DivisionsMoved
    if held and version.version == held[0]:
        return {"divisions": version.values_count, "ended": 0, "added": 0}
    rows = ((code, name, parent, level_of(code)) for code, name, parent in every_code(version.pk) if level_of(code))
    counts = take_in(rows, day=version.effective_on, at=now(), version=version.version)
    record(
        "places.divisions_taken_over",
        actor=actor,
        subject="places:divisions",
        data={"version": version.version} | counts,
    )
    return counts
