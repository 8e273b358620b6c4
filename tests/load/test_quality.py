"""The measurement itself, on so few rows that only its counts mean anything."""

import pytest

from tests.load import quality
from tongban.foundation.organisations.tests.factories import make_department


@pytest.mark.django_db
def test_what_is_measured_is_what_is_meant() -> None:
    make_department()
    figures = quality.measure(2_000, rounds=1)
    assert figures[0].note.startswith("1,779 rows, 20 rules, ")
