"""One statement past the ORM: in one round trip, and with a time limit that nothing after it has."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from tongban.foundation.kernel.statements import one_row


def standing_limit() -> str:
    row = one_row("show statement_timeout", [])
    assert row is not None
    return str(row[0])


@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_for_its_own_statement_alone() -> None:
    before = standing_limit()
    assert one_row("select current_setting('statement_timeout')", [], limit_ms=70) == ("70ms",)
    with pytest.raises(OperationalError):
        one_row("select pg_sleep(5)::text", [], limit_ms=50)
    assert standing_limit() == before
    with transaction.atomic():
        assert one_row("select current_setting('statement_timeout')", [], limit_ms=70) == ("70ms",)
        with pytest.raises(OperationalError), transaction.atomic():
            one_row("select pg_sleep(5)::text", [], limit_ms=50)
        assert standing_limit() == before


@pytest.mark.django_db
def test_who_counts_statements_counts_it_and_sees_that_it_failed() -> None:
    seen: list[tuple[str, bool]] = []

    def watch(execute: Any, statement: str, *rest: Any) -> Any:
        seen.append((statement, False))
        answer = execute(statement, *rest)
        seen[-1] = (statement, True)
        return answer

    with connection.execute_wrapper(watch):
        assert one_row("select 1", []) == (1,)
        with pytest.raises(OperationalError), transaction.atomic():
            one_row("select pg_sleep(5)::text", [], limit_ms=50)
    ours = [one for one in seen if "SAVEPOINT" not in one[0]]
    assert ours == [("select 1", True), ("select pg_sleep(5)::text", False)]
