"""The measurement itself, on so few rows that only its counts mean anything."""

import pytest

from tests.load import gathering
from tongban.foundation.organisations.tests.factories import make_department


@pytest.mark.django_db
def test_what_is_measured_is_what_is_meant() -> None:
    make_department()
    figures = gathering.measure(2_000, rounds=1)
    assert figures[0].note.startswith("2,000 rows, 2 put aside, 40 doubles dropped")
    assert figures[5].note == "200 changed rows into 2,000, 195 updated"
