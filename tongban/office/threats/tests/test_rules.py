"""From how much on something is told, and who may close an alert: on paper."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.office.threats.rules import (
    MOVES,
    WATCHES,
    Happening,
    crowds_of,
    is_unusual,
    move_faults,
    outside,
    rule_faults,
)
from tongban.office.threats.words import NAMES

START = datetime(2026, 11, 22, 1, tzinfo=UTC)


def some(who: str, n: int, weight: int = 1) -> list[Happening]:
    return [Happening(who, START + timedelta(seconds=k), weight) for k in range(n)]


def test_every_watch_has_a_name_and_no_other() -> None:
    assert set(NAMES) == set(WATCHES)


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(1, 10))
def test_only_who_reaches_the_number_is_a_crowd(whose: list[int], most: int) -> None:
    found = crowds_of([Happening(str(who), START + timedelta(seconds=n)) for n, who in enumerate(whose)], most)
    assert {crowd.who for crowd in found} == {str(who) for who in whose if whose.count(who) >= most}
    assert all(crowd.first <= crowd.last for crowd in found)


def test_weights_are_added() -> None:
    assert [c.count for c in crowds_of([*some("a", 2, 600), *some("b", 1, 900)], 1000)] == [1200]


@pytest.mark.parametrize(
    ("verb", "state", "words", "same", "codes"),
    [
        ("take", "new", "", False, set()),
        ("take", "taken", "", False, {"state"}),
        ("handle", "taken", "已核实，是本人忘记密码", False, set()),
        ("handle", "taken", "好", False, {"words"}),
        ("handle", "handled", "已核实，是本人忘记密码", False, {"state"}),
        ("close", "handled", "情况属实", False, set()),
        ("close", "handled", "情况属实", True, {"same_person"}),
        ("send_back", "handled", "情况属实", True, {"same_person"}),
        ("close", "new", "", True, {"state", "words", "same_person"}),
        ("close", "closed", "情况属实", False, {"state"}),
    ],
)
def test_the_way_of_an_alert(verb: str, state: str, words: str, same: bool, codes: set[str]) -> None:
    assert {code for _field, code in move_faults(verb, state=state, words=words, same_person=same)} == codes


def test_nothing_leads_out_of_closed() -> None:
    assert all("closed" not in states for states, _to in MOVES.values())


@pytest.mark.parametrize(
    ("most", "minutes", "reason", "codes"),
    [
        (5, 15, "误报太多", set()),
        (0, 15, "误报太多", {"most"}),
        (None, 0, "", {"most", "minutes", "reason"}),
        (1, 1441, "误报太多", {"minutes"}),
    ],
)
def test_numbers_of_a_rule(most, minutes, reason: str, codes: set[str]) -> None:
    assert {code for _field, code in rule_faults(most=most, minutes=minutes, reason=reason)} == codes


@pytest.mark.parametrize(("at", "is_outside"), [("06:59", True), ("07:00", False), ("19:59", False), ("20:00", True)])
def test_hours_of_work(at: str, is_outside: bool) -> None:
    assert outside(time.fromisoformat(at), (7, 20)) is is_outside


@pytest.mark.parametrize(
    ("today", "days", "unusual"), [(5, [], True), (4, [], False), (10, [2, 2, 2], True), (9, [2, 2, 9], False)]
)
def test_what_is_unusual_for_a_person(today: int, days: list[int], unusual: bool) -> None:
    assert is_unusual(today, days, 5) is unusual
