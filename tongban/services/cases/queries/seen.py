"""Which cases an actor may see at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.foundation.kernel.actors import Scope
from tongban.services.cases.models import Case, CaseStep, Transfer

from .asked import at_my_counter, to_me

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

SEE = "cases.see"
# What lists never need: each of these is deciphered when it is loaded.
HEAVY = ("answers", "applicant_number", "contact_phone", "delivery_wish")


def division_prefix(division: str) -> str:
    """The digits that a division shares with all below it: `511602` for `511602000000`."""
    for digits in (2, 4, 6, 9, 12):
        if not division[digits:].strip("0"):
            return division[:digits] if division.strip("0") else ""
    return division


def within_scope(actor: Actor, verb: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows with a department and a division, those within which this actor holds a right."""
    scope = actor.scope(verb)
    if scope is Scope.ALL:
        return rows
    if scope is Scope.DIVISION:
        return rows.filter(division__startswith=division_prefix(actor.division))
    if scope is Scope.DEPARTMENT and actor.department_id:
        return rows.filter(department_id=actor.department_id)
    return rows.none()


def visible_cases(actor: Actor, verb: str = SEE) -> QuerySet[Case]:
    """The cases this actor may see (or do `verb` to), without the columns that lists never need."""
    rows = Case.objects.defer(*HEAVY)
    if actor.scope(verb) is Scope.OWN and actor.applicant_id:
        return rows.filter(applicant_id=actor.applicant_id)
    return within_scope(actor, verb, rows)


def asked_of(actor: Actor) -> Q:
    """Cases of other departments this actor is asked about, or was: for an opinion, by name or as his department; to take
    them over; those a flow sends to his counter; and those his own department handed over, whose trace it keeps."""
    counter = at_my_counter(actor)
    mine = to_me(actor) if counter is None else to_me(actor) | counter
    asked = CaseStep.objects.filter(mine, case=OuterRef("pk"))
    offered = Transfer.objects.filter(
        Q(to_department_id=actor.department_id) | Q(from_department_id=actor.department_id), case=OuterRef("pk")
    )
    return Q(Exists(asked)) | Q(Exists(offered))
