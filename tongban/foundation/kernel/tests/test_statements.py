"""One statement past the ORM: in one round trip, and with a time limit that nothing after it has."""

from __future__ import annotations

import pytest
from django.db import OperationalError, transaction

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
