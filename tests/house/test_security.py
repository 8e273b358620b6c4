"""The checklist of security controls is whole and true: every control has a line, every place it names exists."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from tongban.foundation.identity.rules import GRANTS, SEPARATED, roles_clash

from . import security_page
from .security_page import ROOT

NEEDED = [
    *[f"8.1.4.1 {x}" for x in "abcd"],
    *[f"8.1.4.2 {x}" for x in ("a", "b", "c", "d", "e–f", "g")],
    *[f"8.1.4.3 {x}" for x in ("a–b", "c", "d")],
    *[f"8.1.4.4 {x}" for x in ("a–c", "d", "e", "f")],
    *[f"8.1.4.{n}" for n in range(5, 12)],
    "8.1.5",
    "GB/T 39786",
]
CONTROLS = security_page.controls()
SEEING = {"seals.see", "threats.see", "threats.verify", "trust.see"}  # what several administrators may read or check


def test_no_control_is_missing() -> None:
    assert [one["id"] for one in CONTROLS] == NEEDED


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one["id"])
def test_every_place_it_names_exists(control: dict) -> None:
    for place in [*control["code"], *control["tests"]]:
        path, _, name = place.partition("::")
        assert (ROOT / path).exists(), place
        if name:
            text = (ROOT / path).read_text()
            assert re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b.*=|, {name}\b.*=|^{name}:", text, re.MULTILINE), (
                place
            )


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one["id"])
def test_what_has_no_test_says_that_it_is_open(control: dict) -> None:
    assert (control["code"] and control["tests"]) or control.get("open")


def test_the_page_is_up_to_date() -> None:
    assert security_page.PAGE.read_text() == security_page.page(), "run: python -m tests.house.security_page"


def test_no_role_holds_two_administrators_rights() -> None:
    for one, other in combinations(sorted(SEPARATED), 2):
        assert set(GRANTS[one]) & set(GRANTS[other]) <= SEEING
        assert roles_clash({one, other})
    assert all(
        roles_clash({administrator, role}) for administrator in SEPARATED for role in GRANTS if role != administrator
    )
