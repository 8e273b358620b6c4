"""Who may rate when, and honest figures."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.evaluation.queries import levels, reason_texts, stars_by_reason
from tongban.services.evaluation.rules import (
    LOOP,
    Figures,
    faults_of,
    is_bad,
    why_not_rate,
    why_not_supplement,
)

CLOSED = date(2026, 11, 1)
DAYS = timedelta(days=30)
FINE = {"closed_on": CLOSED, "result": "granted", "today": CLOSED, "days": 30, "rated": False}


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"today": CLOSED + DAYS}, []),
        ({"today": CLOSED + DAYS + timedelta(days=1)}, ["too_late"]),
        ({"closed_on": None}, ["not_closed"]),
        ({"result": "void"}, ["nothing_to_rate"]),
        ({"result": "refused"}, []),
        ({"rated": True}, ["rated_before"]),
        ({"rated": True, "today": CLOSED + 2 * DAYS}, ["rated_before"]),
        ({"closed_on": None, "result": "void"}, ["not_closed", "nothing_to_rate"]),
    ],
)
def test_when_a_case_may_be_rated(change, reasons):
    assert why_not_rate(**FINE | change) == reasons


@pytest.mark.parametrize(
    ("rated_on", "supplemented", "today", "reasons"),
    [
        (CLOSED, False, CLOSED + timedelta(days=15), []),
        (CLOSED, False, CLOSED + timedelta(days=16), ["too_late"]),
        (None, False, CLOSED, ["not_rated"]),
        (CLOSED, True, CLOSED, ["supplemented_before"]),
    ],
)
def test_when_a_rating_may_be_supplemented(rated_on, supplemented, today, reasons):
    assert why_not_supplement(rated_on=rated_on, today=today, days=15, supplemented=supplemented) == reasons


def test_the_forty_national_reasons():
    assert len(stars_by_reason()) == len(reason_texts()) == 40
    assert [level["stars"] for level in levels()] == [5, 4, 3, 2, 1]
    assert all(len(level["reasons"]) == 8 for level in levels())
    assert all(code[0] == str(stars) for code, stars in stars_by_reason().items())
    assert (reason_texts()["510"], reason_texts()["115"]) == ("一窗受理一次办结", "服务态度差效率低")


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"stars": None}, [("stars", "stars_missing")]),
        ({"stars": 0}, [("stars", "stars_missing")]),
        ({"stars": 6}, [("stars", "stars_missing")]),
        ({"reasons": ["510", "108"]}, [("reasons", "reason_of_another_level")]),
        ({"reasons": ["999"]}, [("reasons", "reason_of_another_level")]),
        ({"text": "好" * 500}, []),
        ({"text": "好" * 501}, [("text", "text_too_long")]),
        ({"stars": None, "text": "好" * 501}, [("stars", "stars_missing"), ("text", "text_too_long")]),
    ],
)
def test_everything_wrong_with_a_rating_is_told(change, faults):
    given_ = {"stars": 5, "reasons": ["510"], "text": "", "known": stars_by_reason()}
    assert faults_of(**given_ | change) == faults


def test_bad_means_one_or_two_stars():
    assert [n for n in range(1, 6) if is_bad(n)] == [1, 2]


counts = st.tuples(*[st.integers(0, 1000)] * 5)


@given(st.integers(0, 10_000), counts)
def test_unrated_cases_never_count_as_praise(unrated, stars):
    figures = Figures(sum(stars) + unrated, stars)
    assert figures.unrated == unrated
    assert figures.good_share == Figures(sum(stars), stars).good_share
    if figures.rated:
        assert figures.good_share == pytest.approx(sum(stars[:3]) / sum(stars))


def test_no_rating_no_figure():
    assert Figures().rated_share is None
    assert Figures(10).good_share is None
    assert Figures(10).rated_share == 0


@given(counts, counts)
def test_figures_add_up(one, other):
    both = Figures(2000, one) + Figures(3000, other)
    assert (both.closed, both.rated) == (5000, sum(one) + sum(other))


def test_every_way_of_the_loop_leads_to_its_end():
    reached = {"new"}
    while more := {after for state in reached for after in LOOP[state]} - reached:
        reached |= more
    assert reached == set(LOOP)
    assert all(LOOP[state] or state == "closed" for state in LOOP)
