"""No migration holds up a city at work: on tables with millions of rows only what needs no long lock is allowed.

An index is made CONCURRENTLY, a constraint NOT VALID and validated in a later migration, a column comes with a constant default of the
database or empty. What was there before this rule is left as it is: every city that has many rows has it behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, Q

LARGE = {
    "cases": {"case", "caseevent", "casematerial", "casestep", "intakekey", "signature", "decision", "delivery"},
    "clocks": {"clock", "clockentry"},
    "audit": {"fact"},
    "notifications": {"message", "dispatch"},
    "evaluation": {"rating"},
    "payments": {"bill", "payment"},
    "licences": {"licence", "licencechange"},
    "letters": {"letter"},
    "files": {"file"},
    "identity": {"account", "person", "company"},
    "registries": {"record", "earlier", "conflict"},
    "decisions": {"decided"},
}  # fmt: skip
# The last migration of each room from before the rule.
BEFORE = {
    "cases": 12,
    "clocks": 1,
    "audit": 2,
    "notifications": 2,
    "evaluation": 2,
    "payments": 2,
    "licences": 5,
    "letters": 3,
    "files": 1,
    "identity": 4,
    "registries": 3,
    "decisions": 4,
}


def table_of(operation: Any) -> str:
    return str(getattr(operation, "model_name_lower", "") or getattr(operation, "model_name", "")).lower()


def is_hard(room: str, said: str) -> bool:
    """Settings of vacuum are not: they stand in the way of nothing but other changes of the table."""
    verbs = ("alter table", "lock table", "truncate", "update")
    large = [f"{verb} {room}_{name}" for name in LARGE.get(room, ()) for verb in verbs]
    return " set (autovacuum_" not in said and any(start in said for start in large)


def why_not(room: str, operation: Any) -> str:
    """Why an operation would hold up others; empty when it would not."""
    if isinstance(operation, migrations.RunSQL) and is_hard(room, str(operation.sql).lower()):
        return "SQL that may lock or rewrite a large table"
    if table_of(operation) not in LARGE.get(room, ()):
        return ""
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        return "an index is made CONCURRENTLY (AddIndexConcurrently, atomic = False)"
    if isinstance(operation, migrations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        return "a constraint comes NOT VALID (AddConstraintNotValid), and ValidateConstraint in the next migration"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        empty = field.null or field.db_default is not NOT_PROVIDED
        return (
            ""
            if empty and not field.unique and not field.db_index
            else "a column comes empty or with a constant db_default"
        )
    if isinstance(operation, migrations.AlterField):
        return "a column keeps its type: a new one is added beside it and filled in parts"
    return ""


def operations_since() -> Iterator[tuple[str, str, Any, Any]]:
    for (room, name), migration in MigrationLoader(None).disk_migrations.items():
        if room in LARGE and int(name[:4]) > BEFORE[room]:
            for operation in migration.operations:
                yield room, name, migration, operation


def test_migrations_hold_up_nobody() -> None:
    found = [f"{room}.{name}: {why_not(room, one)}" for room, name, _, one in operations_since() if why_not(room, one)]
    assert found == []


def test_what_is_made_concurrently_is_not_in_one_transaction() -> None:
    for room, name, migration, operation in operations_since():
        if isinstance(operation, AddIndexConcurrently):
            assert migration.atomic is False, f"{room}.{name}"


INDEX = models.Index(fields=["state"], name="some")
CHECK = models.CheckConstraint(condition=Q(state="x"), name="some")


@pytest.mark.parametrize(
    ("operation", "is_refused"),
    [
        (migrations.AddIndex("case", INDEX), True),
        (AddIndexConcurrently("case", INDEX), False),
        (migrations.AddIndex("draft", INDEX), False),
        (migrations.AddConstraint("case", CHECK), True),
        (AddConstraintNotValid("case", CHECK), False),
        (migrations.AddField("case", "more", models.IntegerField(default=1)), True),
        (migrations.AddField("case", "more", models.IntegerField(db_default=1)), False),
        (migrations.AddField("case", "more", models.IntegerField(null=True)), False),
        (migrations.AddField("case", "more", models.IntegerField(null=True, db_index=True)), True),
        (migrations.AlterField("case", "state", models.TextField()), True),
        (migrations.RunSQL("update cases_case set state = 'x'"), True),
    ],
)
def test_each_kind_is_judged(operation: Any, is_refused: bool) -> None:
    assert bool(why_not("cases", operation)) is is_refused
