"""Looking at the rows that offended, on the page or as a file: people's data, so masked by grade, and each look is a fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from tongban.data.catalogue.queries import show
from tongban.data.lake import queries as lake
from tongban.data.quality.models import Finding
from tongban.data.quality.queries import HAND, MANAGE, columns_of, compiled, finding
from tongban.data.quality.rules import OF_DATASETS
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, require_proof

SHOWN, TAKEN = 50, 1000  # rows on a page, rows in a file


def show_rows(*, actor: Actor, finding_id: UUID) -> list[dict[str, Any]]:
    """The first rows that offended, as the lake was then, and those aside; what is at fault is masked like any other value.

    `_faults`: the codes of what each offends against (`rule:7`); `_aside`: whether it lies in quarantine.
    """
    one = finding(actor=actor, finding_id=finding_id, verb=MANAGE)
    rows = _rows(actor, one, SHOWN)
    record("quality.rows_shown", actor=actor, subject=f"rule:{one.rule_id}", data={"rows": len(rows)})
    return rows


def export_rows(*, actor: Actor, finding_id: UUID) -> list[dict[str, Any]]:
    """The same for a file, up to a thousand of them; only for one who has proved who he is a moment ago."""
    one = finding(actor=actor, finding_id=finding_id, verb=MANAGE)
    require_proof(actor)
    rows = _rows(actor, one, TAKEN)
    record("quality.rows_exported", actor=actor, subject=f"rule:{one.rule_id}", data={"rows": len(rows)})
    return rows


def masked(actor: Actor, dataset_id: UUID, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a dataset as the actor may see them; columns that nobody has graded count as sensitive."""
    return show(actor, columns_of(dataset_id), rows)


def _rows(actor: Actor, one: Finding, limit: int) -> list[dict[str, Any]]:
    spec, dataset_id = one.version.content["spec"], one.rule.dataset_id
    if spec["kind"] in OF_DATASETS:
        return []
    where: dict[str, Any] = {"actor": HAND, "dataset_id": dataset_id, "limit": limit}
    there = lake.offenders(spec=compiled(spec), version=one.of_check.snapshot, **where)
    aside = lake.aside(code=one.rule.code, **where)
    rows = [{**row, "_faults": [one.rule.code], "_aside": False} for row in there]
    rows += [{**row, "_aside": True} for row in aside]
    keys = lake.dataset(actor=HAND, dataset_id=dataset_id).keys
    # What was put aside by this check was in the view when it looked: it lies aside now.
    seen = {tuple(str(row[name]) for name in keys): row for row in rows}
    return masked(actor, dataset_id, list(seen.values())[:limit])
