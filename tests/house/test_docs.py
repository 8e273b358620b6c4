"""What is not written down does not exist: every setting, every way to say no, every fact."""

from __future__ import annotations

import re

import pytest

from tests.house import error_codes
from tests.house.test_layers import ROOMS, ROOT

SETTING = re.compile(r"\b(?:TONGBAN_[A-Z_]+[A-Z]|DATABASE_URL)\b")
FACT = re.compile(r"(?:record|prepared_fact)\(\s*\"([a-z_]+\.[a-z_]+)\"")
OF_THE_TESTS = {"TONGBAN_PLAYS", "TONGBAN_SCREENSHOTS", "TONGBAN_TESTING", "TONGBAN_TEST_SUFFIX"}


def test_every_setting_is_in_the_operators_book() -> None:
    read = {
        name for path in (ROOT / "tongban").rglob("*.py") for name in SETTING.findall(path.read_text())
    } - OF_THE_TESTS
    told = set(SETTING.findall((ROOT / "docs" / "operations.md").read_text()))
    assert read - told == set(), "not in docs/operations.md"
    assert told - read - {"TONGBAN_BENCH_CASES", "TONGBAN_ADVISORIES", "TONGBAN_RELEASE_SECRET"} == set(), (
        "in docs/operations.md, but read nowhere"
    )


def test_every_way_to_say_no_is_listed() -> None:
    assert error_codes.PAGE.read_text() == error_codes.page(), "run: python -m tests.house.error_codes"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_fact_is_in_its_rooms_readme(room) -> None:
    code = [path.read_text() for path in room.rglob("*.py") if "tests" not in path.parts]
    recorded = {name for text in code for name in FACT.findall(text)}
    told = (room / "README.md").read_text()
    assert {name for name in recorded if name.partition(".")[2] not in told} == set()
