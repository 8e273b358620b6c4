"""Every action leaves a fact; facts of one subject form a chain; nobody can change or remove one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tongban.foundation.audit import queries
from tongban.foundation.audit.actions import look, prepared_fact, record
from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn

pytestmark = pytest.mark.django_db
AUDITOR = installer("audit.see")
CLERK = Actor(kind="staff", account_id=uuid4(), department_id=uuid4())


def test_facts_of_one_subject_form_a_chain() -> None:
    first, second = (record("cases.accepted", actor=CLERK, subject="case:1") for _ in range(2))
    assert (first.position, second.position) == (1, 2)
    assert second.previous == first.digest
    assert (second.actor_id, second.department_id) == (CLERK.account_id, CLERK.department_id)


def test_a_fact_costs_two_statements(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        record("cases.accepted", actor=CLERK, subject="case:2")


def test_a_fact_reads_back_as_it_was_digested() -> None:
    data = {"days": 3, "ratio": 0.1, "big": 1e22, "on": date(2026, 1, 1), "id": uuid4(), "names": ["𬭊", None, True]}
    record("cases.accepted", actor=CLERK, subject="case:3", data=data)
    assert queries.verify() == []


def test_it_does_not_matter_in_which_zone_the_clock_told_the_time() -> None:
    at = datetime(2026, 1, 1, 8, tzinfo=SHANGHAI)
    Fact.objects.create(**prepared_fact("cases.submitted", actor=CLERK, subject="case:11", at=at))
    assert queries.verify() == []


def test_a_fact_rolls_back_with_its_action() -> None:
    with transaction.atomic():
        record("cases.accepted", actor=CLERK, subject="case:4")
        transaction.set_rollback(True)
    assert not Fact.objects.filter(stream="case:4").exists()


def test_a_prepared_first_fact_continues_as_a_chain() -> None:
    row = prepared_fact("cases.submitted", actor=CLERK, subject="case:5", data={"channel": "api"})
    Fact.objects.create(**row)
    assert record("cases.accepted", actor=CLERK, subject="case:5").previous == row["digest"]
    assert queries.verify() == []


@pytest.mark.parametrize(
    "statement",
    ["update audit_fact set name = 'x'", "delete from audit_fact", "update audit_seal set root = 'x'"],
)
def test_the_database_itself_refuses_to_alter_what_happened(statement: str) -> None:
    record("cases.accepted", actor=CLERK, subject="case:6")
    if "seal" in statement:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into audit_seal (number, until, facts, streams, root, previous, key_id, signature, heads, made_at)"
                " values (1, now(), 0, 0, '', '', '', '', '', now())"
            )
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_only_looks_at_others_are_written_down() -> None:
    person = uuid4()
    look(actor=Actor(kind="person", person_id=person), person_id=person, what="case", purpose="own", subject="case:7")
    look(actor=CLERK, person_id=None, what="case", purpose="cases.handling", subject="case:7")
    assert Fact.objects.count() == 0
    look(actor=CLERK, person_id=person, what="case", purpose="cases.handling", subject="case:7")
    (seen,) = queries.looks_at(Actor(kind="person", person_id=person))
    assert (seen.department_id, seen.what, seen.subject) == (CLERK.department_id, "case", "case:7")
    assert not hasattr(seen, "actor_id")


def test_nobody_sees_looks_at_another_person() -> None:
    look(actor=CLERK, person_id=uuid4(), what="case", purpose="cases.handling", subject="case:8")
    assert len(queries.looks_at(Actor(kind="person", person_id=uuid4()))) == 0
    with pytest.raises(NotSignedIn):
        queries.looks_at(CLERK)


def test_only_the_audit_administrator_reads_facts() -> None:
    record("cases.accepted", actor=CLERK, subject="case:9")
    with pytest.raises(NotAllowed):
        queries.facts(CLERK, filters={})
    with pytest.raises(NotAllowed):
        queries.facts_about(CLERK, "case:9")
    assert [fact.stream for fact in queries.facts(AUDITOR, filters={"name": "cases."})] == ["case:9"]
    assert len(queries.facts_about(AUDITOR, "case:9")) == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_writers_still_queue() -> None:
    assert not connection.in_atomic_block
    record("cases.accepted", actor=CLERK, subject="case:10")
    assert record("cases.accepted", actor=CLERK, subject="case:10").position == 2
