"""A right reaches as far as its scope and not a step further."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.kernel.actors import ANONYMOUS, Actor, Scope, covers, may, permit
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn

HEALTH, EDUCATION, LI_HUA, WANG_WEI = uuid4(), uuid4(), uuid4(), uuid4()
DISTRICT, STREET, NEXT_DISTRICT = "511602000000", "511602001000", "511603000000"


def actor(scope: Scope, **more) -> Actor:
    return Actor(kind="staff", department_id=HEALTH, division=DISTRICT, grants={"cases.see": scope}, **more)


@pytest.mark.parametrize(
    ("scope", "thing", "allowed"),
    [
        (Scope.DEPARTMENT, {"department_id": HEALTH}, True),
        (Scope.DEPARTMENT, {"department_id": EDUCATION}, False),
        (Scope.DEPARTMENT, {"department_id": EDUCATION, "division": DISTRICT}, False),
        (Scope.DIVISION, {"department_id": EDUCATION, "division": STREET}, True),
        (Scope.DIVISION, {"department_id": EDUCATION, "division": NEXT_DISTRICT}, False),
        (Scope.ALL, {"division": NEXT_DISTRICT}, True),
        (Scope.OWN, {"department_id": HEALTH}, False),
        (Scope.DEPARTMENT, {}, False),
    ],
)
def test_how_far_each_scope_reaches(scope: Scope, thing: dict, allowed: bool) -> None:
    assert may(actor(scope), "cases.see", **thing) is allowed


def test_a_verb_not_granted_is_refused_whatever_the_thing() -> None:
    with pytest.raises(NotAllowed):
        permit(actor(Scope.ALL), "cases.decide", department_id=HEALTH)


def test_nobody_is_asked_to_sign_in() -> None:
    with pytest.raises(NotSignedIn):
        permit(ANONYMOUS, "cases.see", owner_id=LI_HUA)


def test_a_handler_acts_for_the_company_and_not_for_himself() -> None:
    company = uuid4()
    handler = Actor(kind="company", person_id=LI_HUA, company_id=company, grants={"cases.see": Scope.OWN})
    assert may(handler, "cases.see", owner_id=company)
    assert not may(handler, "cases.see", owner_id=LI_HUA)
    assert not may(handler, "cases.see", owner_id=WANG_WEI)


def test_a_person_without_an_id_owns_nothing() -> None:
    ghost = Actor(kind="person", grants={"cases.see": Scope.OWN})
    assert not may(ghost, "cases.see", owner_id=None)


@given(st.from_regex(r"\A[0-9]{12}\Z"))
def test_the_country_covers_all_and_each_covers_itself(code: str) -> None:
    assert covers("000000000000", code)
    assert covers(code, code)


def test_a_division_covers_what_lies_below_and_nothing_beside() -> None:
    assert covers("510000000000", DISTRICT)
    assert covers(DISTRICT, "511602001001")
    assert not covers(STREET, DISTRICT)
    assert not covers(DISTRICT, NEXT_DISTRICT)
