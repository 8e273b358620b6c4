"""Looking at rows that were put aside: people's data, so values above the looker's clearance are masked, and each look is a fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from tongban.data.catalogue.queries import show
from tongban.data.gathering.models import Run
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import damage
from tongban.data.lake import queries as lake
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.lookup import find

from .jobs import HAND

SHOWN = 100
PROBE = "110101199003070011 示例"


def show_bad_rows(*, actor: Actor, run_id: UUID) -> list[dict[str, Any]]:
    """The first hundred as the source gave them, with `_faults` and `_row`; values above his clearance are masked.

    `_damage`: of a row that could not be taken apart, where it stood and, for who may see all of it, how it reads.
    """
    run = find(Run.objects.select_related("job"), pk=run_id)
    permit(actor, MANAGE, department_id=run.job.department_id)
    rows = lake.quarantined(actor=HAND, batch_id=run.batch_id, limit=SHOWN)
    came = lake.raw_rows(actor=HAND, batch_id=run.batch_id, numbers=[row["_row"] for row in rows])
    record("gathering.rows_shown", actor=actor, subject=f"job:{run.job_id}", data={"rows": len(rows)})
    told = [{**came.get(row["_row"], {}), "_row": row["_row"], "_faults": row["_faults"]} for row in rows]
    return damaged(actor, run.job.columns, show(actor, run.job.columns, told, by="source"))


def damaged(
    actor: Actor, columns: Sequence[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Rows with `_damage` for `_reject`. A line as it stands is shown to who may see what nobody has graded, too."""
    known = [*columns, {"name": PROBE, "source": PROBE}]
    probe = {one["source"]: PROBE for one in known}
    whole = show(actor, known, [probe], by="source") == [probe]
    return [
        {name: value for name, value in row.items() if name != "_reject"}
        | {"_damage": damage(row["_reject"], whole=whole) if row.get("_reject") else None}
        for row in rows
    ]
