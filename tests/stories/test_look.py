"""Every page of the look list, on both widths and in 关怀版: nothing for axe to find, nothing wider than the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import NARROW, WIDE, Meet

SHOTS = Path(__file__).resolve().parents[2] / "screenshots"
PUBLIC = {
    "home": "/",
    "departments": "/departments/",
    "halls": "/halls/",
    "help": "/help/",
    "sign-in": "/account/login/",
    "apply-question": "/apply/food-business-permit/",
    "apply-ready": "/apply/food-business-permit/?kind=restaurant&cold=yes&online=no&renovated=yes",
    "not-found": "/nothing-here/",
}


def look(visitor, pages: dict[str, str], kind: str) -> list[str]:
    SHOTS.mkdir(exist_ok=True)
    faults: list[str] = []
    for name, path in pages.items():
        visitor.go(path)
        faults += visitor.judge()
        visitor.page.screenshot(path=SHOTS / f"{name}-{kind}.png", full_page=True)
    return faults


@pytest.mark.parametrize(("width", "care"), [(NARROW, False), (WIDE, False), (NARROW, True), (WIDE, True)])
def test_what_anybody_sees(meet: Meet, width: int, care: bool) -> None:
    visitor = meet(width=width, care=care)
    assert not look(visitor, PUBLIC, f"{width}{'-care' if care else ''}")
