"""The measurement itself, on so few rows that only its counts mean anything."""

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.load import gathering
from tests.load.persons import NATIONS, persons
from tongban.foundation.kernel.identifiers import citizen_id_fault
from tongban.foundation.organisations.tests.factories import make_department

ROWS = 2_000


@pytest.mark.django_db
def test_what_is_measured_is_what_is_meant(tmp_path: Path) -> None:
    make_department()
    figures = gathering.measure(ROWS, rounds=1)
    good, kept = counted(tmp_path / "persons.csv")
    assert 0 < ROWS - good < ROWS // 50, "some rows are wrong"
    assert good - kept > ROWS // 20, "some persons come twice"
    assert figures[0].note.startswith(f"2,000 rows, {ROWS - good} put aside, {good - kept} doubles dropped")
    assert figures[6].note == "200 changed rows into 2,000, 175 updated"


def test_the_statement_by_hand_keeps_the_same_rows(tmp_path: Path) -> None:
    source = tmp_path / "persons.csv"
    _good, kept = counted(source)
    with duckdb.connect() as duck:
        duck.execute(gathering.by_hand(source))
        assert duck.execute(f"select count(*) from read_parquet('{source}.by-hand')").fetchone() == (kept,)


def counted(source: Path) -> tuple[int, int]:
    """Good rows of the file, made here, and persons among them, without the engine."""
    persons(source, ROWS, changed="2026-01-01")
    with source.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == ROWS
    good = [
        row["GMSFHM"] for row in rows if row["MZ"] in NATIONS and row["CSRQ"] != "19990231" and is_good(row["GMSFHM"])
    ]
    return len(good), len(set(good))


def is_good(number: str) -> bool:
    return citizen_id_fault(number, today=date(2030, 1, 1)) is None
