"""Files the applicant handed in before and may hand in again (历史材料复用)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tongban.services.cases.models import CaseMaterial
from tongban.services.cases.rules import WITH_FILE

from .applicant import applicant_behind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Draft

MOST = 3  # of one material, the latest


def earlier_files(actor: Actor, names: Iterable[str], draft: Draft | None = None) -> dict[str, list[dict[str, Any]]]:
    """The applicant's files by the name of the material: {file_id, file_name, as_of, project_no}, the latest first. One query.

    Only his own; a clerk gets those of whose `draft` he was let into.
    """
    applicant_id = applicant_behind(actor, draft)
    if not applicant_id:
        return {}
    rows = CaseMaterial.objects.filter(
        case__applicant_id=applicant_id, name__in=list(names), way__in=WITH_FILE, file_id__isnull=False
    ).select_related("case")
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.defer("case__answers").order_by("-case_id", "position")[:200]:
        offered = found.setdefault(row.name, [])
        if len(offered) < MOST and row.file_name not in [one["file_name"] for one in offered]:
            offered.append(
                {
                    "file_id": str(row.file_id),
                    "file_name": row.file_name,
                    "as_of": row.case.submitted_at,
                    "project_no": row.case.project_no,
                }
            )
    return found
