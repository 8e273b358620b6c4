"""How long a job is tried."""

import pytest

from tongban.foundation.tasks.rules import HOUR, LAST_ATTEMPT, wait_before_retry


@pytest.mark.parametrize(
    ("attempts", "wait"), [(0, 5), (4, 900), (5, HOUR), (LAST_ATTEMPT - 1, HOUR), (LAST_ATTEMPT, None), (200, None)]
)
def test_the_edges_of_patience(attempts, wait):
    assert wait_before_retry(attempts) == wait


def test_a_job_outlives_an_outage_of_three_days():
    waits = [wait_before_retry(attempt) for attempt in range(LAST_ATTEMPT)]
    assert sum(waits) >= 3 * 24 * HOUR
    assert waits == sorted(waits)
