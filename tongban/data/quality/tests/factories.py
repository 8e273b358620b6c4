"""A dataset with faults in it and a rule that finds them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import make_dataset, pour
from tongban.data.quality import actions
from tongban.data.quality.models import Check, Finding, Rule, RuleVersion, Ticket
from tongban.foundation.kernel.actors import Actor, Scope, installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.ids import uuid7

PLATFORM = installer("quality.see", "quality.manage", "quality.handle")
ROWS = [("a1", "李华", "1990-03-07"), ("a2", "王芳", None), ("a3", "赵六", "2001-12-31"), ("a4", "孙七", None)]


def steward_of(department_id: UUID) -> Actor:
    verbs = ("quality.see", "quality.manage", "quality.answer")
    return Actor(
        kind="staff", account_id=uuid4(), department_id=department_id, grants=dict.fromkeys(verbs, Scope.DEPARTMENT)
    )


def content(spec: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    known = {"title": "出生日期不能空", "severity": "error", "dimension": "complete"}
    return {**known, **said, "spec": spec or {"kind": "not_null", "columns": ["born_on"]}}


def make_people(**fields: Any) -> Dataset:
    dataset = make_dataset(**fields)
    pour(dataset, ROWS, whole=True)
    return dataset


def make_rule(actor: Actor, dataset: Dataset, spec: dict[str, Any] | None = None, **said: Any) -> RuleVersion:
    day = said.pop("on", today())
    return actions.save_rule(actor=actor, dataset_id=dataset.pk, content=content(spec, **said), effective_on=day)


def checked(actor: Actor, dataset: Dataset) -> Check:
    return actions.run_check(check_id=actions.ask_check(actor=actor, dataset_id=dataset.pk).pk)


def make_known_ticket(steward: Actor) -> Ticket:
    """A ticket of a steward's department; its dataset is empty, what was found there is said."""
    assert steward.department_id is not None
    mine = {"department_id": steward.department_id}
    dataset = make_dataset(key=f"q{uuid4().hex[:12]}", **mine)
    number = Rule.objects.count() + 1
    rule = Rule.objects.create(number=number, dataset_id=dataset.pk, made_at=now(), **mine)
    version = RuleVersion.objects.create(
        rule=rule, version=1, status="published", effective_on=date(2026, 1, 1), content=content()
    )
    check = Check.objects.create(
        dataset_id=dataset.pk, title="人员（示例）", state="done", rows=4, bad_rows=2, score=50.0,
        dimensions={"complete": 50.0}, began_at=now(), ended_at=now(), **mine,
    )  # fmt: skip
    finding = Finding.objects.create(
        id=uuid7(), of_check=check, rule=rule, version=version, rows=4, bad=2, severity="error", dimension="complete"
    )
    return Ticket.objects.create(
        number=Ticket.objects.count() + 1, finding=finding, rule=rule, sent_at=now(), due_on=today(), **mine
    )
