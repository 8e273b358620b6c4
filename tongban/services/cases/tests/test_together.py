"""Many at once: one case for one key, a number for everybody, nobody refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from tongban.foundation.identity.tests.factories import citizen, make_person, officer
from tongban.foundation.kernel.statements import one_row
from tongban.services.cases.actions import Application, help_with_draft, submit
from tongban.services.cases.models import Case, DaySerial, Help
from tongban.services.cases.rules import serial_text

from .factories import ANSWERS, MATERIALS, make_draft, make_office
from .visitors import visited

AT_ONCE = 8


def together(act: Callable[[int], Any]) -> list[Any]:
    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(alone, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
def test_everybody_at_once_gets_one_case_and_a_number_of_his_own() -> None:
    make_office()
    applicant = citizen()
    application = Application("venue-permit", {"venue": "hotel"}, ANSWERS, MATERIALS)
    same = together(lambda _n: submit(actor=applicant, payload=application, idempotency_key="same"))
    assert len({receipt.case_id for receipt in same}) == 1
    assert sorted(receipt.is_replay for receipt in same) == [False] + [True] * (AT_ONCE - 1)
    own = together(lambda n: submit(actor=applicant, payload=application, idempotency_key=f"own-{n}"))
    assert len({receipt.project_no for receipt in own}) == AT_ONCE
    assert Case.objects.count() == AT_ONCE + 1
    assert max(int(receipt.project_no[-4:]) for receipt in own) <= AT_ONCE + 1 + DaySerial.STRIPES

    draft = make_draft(make_office(code="other", catalog_code="000123009001"), applicant)
    sent = together(lambda _n: submit(actor=applicant, draft_id=draft.pk))
    assert len({receipt.case_id for receipt in sent}) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_writes() -> None:
    office, person = make_office(), make_person()
    draft = make_draft(office, citizen(person))
    clerks = [officer("clerk", department=office.department) for _ in range(AT_ONCE)]
    visits = [visited(clerk, person) for clerk in clerks]
    together(lambda n: help_with_draft(actor=clerks[n], visit_id=visits[n].pk, draft_id=draft.pk))
    assert Help.objects.filter(draft=draft).count() == AT_ONCE
    running = Help.objects.select_related("visit").get(draft=draft, ended_at=None)
    writer = next(clerk for clerk in clerks if clerk.account_id == running.visit.account_id)
    sent = together(lambda _n: submit(actor=writer, draft_id=draft.pk))
    assert len({receipt.case_id for receipt in sent}) == 1
    assert Case.objects.get().events.filter(verb="help").count() == AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_made_anew_before_anybody_notices() -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        mine = cursor.fetchone()[0]
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [mine])
    finally:
        other.close()
    assert one_row("select 1", []) == (1,)


@pytest.mark.django_db
def test_the_database_writes_serials_as_the_rules_do() -> None:
    serials = [1, 9_999, 10_000, 33_999, 34_000, 91_600, 229_840, 561_615, 561_616, 600_000]
    assert [one_row("select cases_serial_text(%s::int)", [s]) for s in serials] == [(serial_text(s),) for s in serials]


@pytest.mark.django_db
def test_numbers_of_a_day_follow_one_another() -> None:
    numbers = [one_row("select cases_next_serial(%s)", ["day"]) for _ in range(40)]
    assert numbers == [(number,) for number in range(1, 41)]
