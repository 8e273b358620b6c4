"""A lake of the test's own, people in it with faults, and their steward."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import own_lake
from tongban.foundation.kernel.actors import Actor

from .factories import make_people, steward_of


@pytest.fixture(autouse=True)
def _lake(tmp_path: Path) -> Iterator[None]:
    with own_lake(tmp_path):
        yield


@pytest.fixture
def people() -> Dataset:
    return make_people()


@pytest.fixture
def steward(people: Dataset) -> Actor:
    return steward_of(people.department_id)
