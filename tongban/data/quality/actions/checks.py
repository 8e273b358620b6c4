"""Looking at a dataset by all its rules in one pass; what offends an error-level rule goes aside, and a ticket goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.catalogue.queries import show
from tongban.data.gathering import queries as gathering
from tongban.data.lake import actions as lake_actions
from tongban.data.lake import queries as lake
from tongban.data.quality.errors import QualityMoved
from tongban.data.quality.models import Check, Finding, Rule, RuleVersion
from tongban.data.quality.queries import HAND, MANAGE, SEE, asked, compiled, dataset, finding, row_specs
from tongban.data.quality.rules import OF_DATASETS, is_fresh, scores, swings
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find

from .rules import guard
from .tickets import open_tickets

CHECK = "quality.check"
MACHINE = installer(MANAGE, SEE)
SHOWN = 50
Pairs = Sequence[tuple[Rule, RuleVersion]]


@transaction.atomic
def ask_check(*, actor: Actor, dataset_id: UUID) -> Check:
    """Have a dataset looked at in the background. Refused while one waits, and where nothing is asked of it."""
    one = dataset(actor=actor, dataset_id=dataset_id, verb=MANAGE)
    if not asked(one.pk) or Check.objects.filter(dataset_id=one.pk, state=Check.State.WAITING).exists():
        raise QualityMoved
    made = Check.objects.create(
        dataset_id=one.pk, department_id=one.department_id, title=one.title, asked_by=actor.account_id, began_at=now()
    )
    record("quality.check_asked", actor=actor, subject=f"check:{made.pk}")
    defer(CHECK, check_id=made.pk, lock=f"quality:{one.pk}")
    return made


def check_after_gathering(*, job_id: UUID | str) -> Check | None:
    """What has come in is looked at, where anything is asked of it."""
    dataset_id = gathering.dataset_of_job(job_id)
    try:
        return ask_check(actor=MACHINE, dataset_id=dataset_id)
    except QualityMoved:
        return None


def run_check(*, check_id: UUID | str) -> Check:
    """All rules in one pass. Safe to repeat: what is done is not done again."""
    check = find(Check.objects.all(), pk=check_id)
    if check.state == Check.State.DONE:
        return check
    pairs = asked(check.dataset_id)
    try:
        guard(check.dataset_id)  # a version may have begun to hold, a code set may have changed
        _looked(check, pairs)
    except TongbanError as fault:
        with transaction.atomic():
            check.state, check.fault, check.ended_at = Check.State.FAILED, fault.code, now()
            check.save(update_fields=["state", "fault", "ended_at"])
            record("quality.check_failed", actor=MACHINE, subject=f"check:{check.pk}", data={"why": fault.code})
    return check


def _looked(check: Check, pairs: Pairs) -> None:
    where: dict[str, Any] = {"actor": HAND, "dataset_id": check.dataset_id}
    specs = row_specs(pairs)
    rows, bad_rows, each, version = lake.checked(specs=list(specs.values()), **where)
    in_view = dict(zip(specs, each, strict=True))
    before = lake.aside_counts(**where)
    errors = {code: spec for code, spec in row_specs(pairs, "error").items() if in_view[code]}
    moved = lake_actions.set_aside(specs=errors, mark=check.pk.hex, **where)
    aside = max(before.values(), default=0)  # a row may lie aside for several: so many at least
    with transaction.atomic():
        check.rows, check.bad_rows, check.aside, check.snapshot = rows + aside, bad_rows + aside, moved, version
        found = [
            _found(check, rule, held, in_view.get(rule.code, 0) + before.get(rule.code, 0)) for rule, held in pairs
        ]
        Finding.objects.filter(of_check=check).delete()
        Finding.objects.bulk_create(found)
        check.score, check.dimensions = scores((one.dimension, one.severity, one.rows, one.bad) for one in found)
        check.state, check.fault, check.ended_at = Check.State.DONE, "", now()
        check.save()
        told = {"rows": check.rows, "bad": check.bad_rows, "aside": moved, "score": str(check.score)}
        record("quality.checked", actor=MACHINE, subject=f"check:{check.pk}", data=told)
        open_tickets(found)


def _found(check: Check, rule: Rule, version: RuleVersion, bad: int) -> Finding:
    spec, rows = version.content["spec"], check.rows
    if spec["kind"] in OF_DATASETS:
        rows, bad = 1, int(not _stands(check, spec))
    return Finding(
        of_check=check, rule=rule, version=version, rows=rows, bad=bad,
        severity=version.content["severity"], dimension=version.content["dimension"],
    )  # fmt: skip


def _stands(check: Check, spec: dict[str, Any]) -> bool:
    """What is asked of the dataset as a whole."""
    if spec["kind"] == "fresh":
        merged = [one.merged_at for one in lake.batches(actor=HAND, dataset_id=check.dataset_id) if one.merged_at]
        return is_fresh(max(merged, default=None), int(spec["hours"]), check.began_at)
    last = Check.objects.filter(dataset_id=check.dataset_id, state=Check.State.DONE).order_by("-began_at").first()
    return not swings(check.rows, last.rows if last else None, int(spec["percent"]))


def show_rows(*, actor: Actor, finding_id: UUID) -> list[dict[str, Any]]:
    """The first rows that offended, as the lake was then, and those aside; masked but for what is at fault. Each look is a fact."""
    one = finding(actor=actor, finding_id=finding_id, verb=SEE)
    spec = one.version.content["spec"]
    if spec["kind"] in OF_DATASETS:
        return []
    where: dict[str, Any] = {"actor": HAND, "dataset_id": one.rule.dataset_id, "limit": SHOWN}
    rows = lake.offenders(spec=compiled(spec), version=one.of_check.snapshot, **where)
    rows += lake.aside(code=one.rule.code, **where)
    keys = lake.dataset(actor=HAND, dataset_id=one.rule.dataset_id).keys
    record("quality.rows_shown", actor=actor, subject=f"rule:{one.rule_id}", data={"rows": len(rows)})
    seen = {tuple(str(row[name]) for name in keys): row for row in reversed(rows)}
    return masked(actor, one.rule.dataset_id, list(reversed(seen.values())), spec["columns"])


def masked(
    actor: Actor, dataset_id: UUID, rows: Sequence[dict[str, Any]], at_fault: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows as the actor may see them: what is at fault as it is, the rest by the grade of its data item."""
    columns = gathering.columns_of_dataset(dataset_id)
    told = [{**row, "_faults": [f"rule:{name}" for name in at_fault]} for row in rows[:SHOWN]]
    if columns:
        return show(actor, columns, told)
    # Nobody has said what these columns are: of every one that is not at fault only the beginning is shown.
    return [
        {name: value if name in at_fault or value is None else f"{str(value)[:1]}***" for name, value in row.items()}
        for row in told
    ]
