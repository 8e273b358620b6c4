"""The measurement itself, on so few rows that only its counts mean anything."""

from pathlib import Path

import duckdb
import pytest

from tests.load import gathering
from tongban.foundation.organisations.tests.factories import make_department


@pytest.mark.django_db
def test_what_is_measured_is_what_is_meant() -> None:
    make_department()
    figures = gathering.measure(2_000, rounds=1)
    assert figures[0].note.startswith("2,000 rows, 2 put aside, 40 doubles dropped")
    assert figures[6].note == "200 changed rows into 2,000, 195 updated"


def test_the_statement_by_hand_keeps_the_same_rows(tmp_path: Path) -> None:
    source = tmp_path / "persons.csv"
    gathering.persons(source, 2_000, changed="2026-01-01")
    with duckdb.connect() as duck:
        duck.execute(gathering.by_hand(source))
        assert duck.execute(f"select count(*) from read_parquet('{source}.by-hand')").fetchone() == (2_000 - 2 - 40,)
