"""Taking personal data out of a case: a full look and a list to take away. Both are recorded, with their reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case
from tongban.services.cases.queries import WorkFilters, case_for, export_rows, export_size

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

SHORTEST_REASON = 4
LONGEST_REASON = 200


@transaction.atomic
def unmask_case(*, actor: Actor, case_id: UUID, reason: str) -> Case:
    """The case with its applicant's full data, for a stated reason that the applicant can read."""
    case = case_for(actor, case_id)
    permit(actor, "persons.unmask", department_id=case.department_id, division=case.division)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        text = _("请写明查看的理由，至少4个字；当事人能看到。")
        raise CaseRefused(reasons=[Reason("cases.unmask_reason", text, "reason")])
    data = {"what": ["name", "id_number", "phone", "answers"], "purpose": reason[:LONGEST_REASON], "unmasked": True}
    record("persons.seen", actor=actor, subject=case, person_id=case.applicant_person_id, data=data)
    return case


@transaction.atomic
def export_cases(*, actor: Actor, filters: WorkFilters, said: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The rows of a list, for a file; `said` is the list as its address names it, kept in the fact without search words."""
    rows = export_rows(actor, filters)
    require_proof(actor)
    kept = {name: value for name, value in said.items() if name != "q"} | ({"searched": True} if "q" in said else {})
    data = {"filters": kept, "rows": export_size(actor, filters)}
    record("cases.exported", actor=actor, subject=f"department:{actor.department_id}", data=data)
    return rows
