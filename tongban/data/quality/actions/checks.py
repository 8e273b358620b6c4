"""Looking at a dataset by all its rules in one pass; what offends an error-level rule goes aside, and a ticket goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.gathering import queries as gathering
from tongban.data.lake import actions as lake_actions
from tongban.data.lake import queries as lake
from tongban.data.quality.errors import QualityMoved
from tongban.data.quality.models import Check, Finding, Rule, RuleVersion
from tongban.data.quality.queries import HAND, MANAGE, SEE, asked, dataset, fitting, newest_batch_at, row_specs
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
Pairs = Sequence[tuple[Rule, RuleVersion]]


@transaction.atomic
def ask_check(*, actor: Actor, dataset_id: UUID) -> Check:
    """Have a dataset looked at in the background. Refused while one waits, and where nothing is asked of it."""
    one = dataset(actor=actor, dataset_id=dataset_id, verb=MANAGE)
    if not asked(one.pk):
        raise QualityMoved
    about = {"department_id": one.department_id, "title": one.title, "asked_by": actor.account_id, "began_at": now()}
    made, is_new = Check.objects.get_or_create(dataset_id=one.pk, state=Check.State.WAITING, defaults=about)
    if not is_new:  # one waits already, may be since this moment
        raise QualityMoved
    record("quality.check_asked", actor=actor, subject=f"check:{made.pk}")
    defer(CHECK, check_id=made.pk, lock=f"quality:{one.pk}")
    return made


def check_after_gathering(*, job_id: UUID | str) -> Check | None:
    """What has come in is looked at, where anything is asked of it and nobody has looked since."""
    dataset_id = gathering.dataset_of_job(job_id)
    came_at = newest_batch_at(dataset_id)
    done = Check.objects.filter(dataset_id=dataset_id, state=Check.State.DONE)
    if came_at and done.filter(began_at__gte=came_at).exists():
        return None
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
    able = fitting(check.dataset_id)
    fit = {rule.pk for rule, _version in able}
    specs = row_specs(able)
    rows, bad_rows, each, version = lake.checked(specs=list(specs.values()), **where)
    in_view = dict(zip(specs, each, strict=True))
    before = lake.aside_counts(**where)
    errors = {code: spec for code, spec in row_specs(able, "error").items() if in_view[code]}
    moved = lake_actions.set_aside(specs=errors, mark=check.pk.hex, **where)
    aside = max(before.values(), default=0)  # a row may lie aside for several: so many at least
    with transaction.atomic():
        check.rows, check.bad_rows, check.aside, check.snapshot = rows + aside, bad_rows + aside, moved, version
        found = [
            _found(check, rule, held, in_view.get(rule.code, 0) + before.get(rule.code, 0) if rule.pk in fit else None)
            for rule, held in pairs
        ]
        Finding.objects.filter(of_check=check).delete()
        Finding.objects.bulk_create(found)
        check.score, check.dimensions = scores((one.dimension, one.severity, one.rows, one.bad) for one in found)
        check.state, check.fault, check.ended_at = Check.State.DONE, "", now()
        check.save()
        told = {"rows": check.rows, "bad": check.bad_rows, "aside": moved, "score": str(check.score)}
        record("quality.checked", actor=MACHINE, subject=f"check:{check.pk}", data=told)
        open_tickets(found)


def _found(check: Check, rule: Rule, version: RuleVersion, bad: int | None) -> Finding:
    """`bad` None: it could not be asked (a column has gone); it has looked at no row."""
    spec, rows = version.content["spec"], check.rows
    if bad is None:
        rows, bad = 0, 0
    elif spec["kind"] in OF_DATASETS:
        rows, bad = 1, int(not _stands(check, spec))
    return Finding(
        of_check=check, rule=rule, version=version, rows=rows, bad=bad,
        severity=version.content["severity"], dimension=version.content["dimension"],
    )  # fmt: skip


def _stands(check: Check, spec: dict[str, Any]) -> bool:
    """What is asked of the dataset as a whole."""
    if spec["kind"] == "fresh":
        return is_fresh(newest_batch_at(check.dataset_id), int(spec["hours"]), check.began_at)
    last = Check.objects.filter(dataset_id=check.dataset_id, state=Check.State.DONE).order_by("-began_at").first()
    return not swings(check.rows, last.rows if last else None, int(spec["percent"]))
