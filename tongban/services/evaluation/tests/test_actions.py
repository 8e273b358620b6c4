"""Only the applicant rates, once; a bad rating is assigned at once; nobody learns who rated."""

import pytest
from django.core.cache import cache

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.services.cases.actions import deliver
from tongban.services.cases.tests.factories import make_case, make_decided, make_office
from tongban.services.evaluation import queries
from tongban.services.evaluation.actions import count_days, rate, supplement
from tongban.services.evaluation.errors import NotRateable, RatingRefused
from tongban.services.evaluation.models import Rating, Rectification
from tongban.services.evaluation.queries import bad_ratings, days_to_count, figures_by, may_rate

pytestmark = pytest.mark.django_db


def make_closed(office, applicant):
    case = make_decided(office, applicant, result="refused", reasons="面积不足")
    return deliver(actor=office.clerk, case_id=case.pk, way="online")


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def someone():
    return citizen()


@pytest.fixture
def case(office, someone):
    return make_closed(office, someone)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_the_applicant_rates_once(someone, case):
    rating = rate(actor=someone, case_id=case.pk, stars=5, reasons=["510", "513"], text="很快", anonymous=True)
    assert (rating.stars, rating.reasons, rating.department_id) == (5, ["510", "513"], case.department_id)
    with pytest.raises(NotRateable) as refusal:
        rate(actor=someone, case_id=case.pk, stars=1)
    assert codes(refusal) == ["rated_before"]
    assert may_rate(case).why_not_rate == ["rated_before"]


@pytest.mark.parametrize("role", ["clerk", "reviewer", "approver", "dept_head", "supervisor", "operator"])
def test_no_member_of_staff_can_rate(office, case, role):
    with pytest.raises((NotAllowed, NotFound)):
        rate(actor=officer(role, department=office.department), case_id=case.pk, stars=5)
    assert not Rating.objects.exists()


def test_nor_can_another_citizen(case):
    with pytest.raises(NotFound):
        rate(actor=citizen(), case_id=case.pk, stars=1)


def test_an_open_case_is_not_rated(office, someone):
    with pytest.raises(NotRateable) as refusal:
        rate(actor=someone, case_id=make_case(office, someone).pk, stars=5)
    assert codes(refusal) == ["not_closed"]


def test_everything_wrong_is_told_at_once(someone, case):
    with pytest.raises(RatingRefused) as refusal:
        rate(actor=someone, case_id=case.pk, stars=None, text="长" * 501)
    assert [(r.field, r.code) for r in refusal.value.reasons] == [("stars", "stars_missing"), ("text", "text_too_long")]


def test_a_bad_rating_is_assigned_at_once_to_whoever_handled_the_case(someone, case):
    rating = rate(actor=someone, case_id=case.pk, stars=2, reasons=["209"])
    loop = Rectification.objects.get()
    assert (loop.rating_id, loop.state, loop.department_id) == (rating.id, "assigned", case.department_id)
    fact = Fact.objects.get(name="evaluation.bad")
    assert fact.stream == f"rating:{rating.id}"


def test_facts_about_a_rating_name_nobody(someone, case):
    rating = rate(actor=someone, case_id=case.pk, stars=5)
    fact = Fact.objects.get(name="evaluation.rated")
    assert (fact.actor_id, fact.person_id, fact.stream) == (None, None, f"rating:{rating.id}")
    assert str(case.pk) not in str(fact.data)
    assert not Rectification.objects.exists()


def test_the_rated_body_sees_an_anonymous_rating_without_case_and_day(office, someone, case):
    rate(actor=someone, case_id=case.pk, stars=1, reasons=["115"], text="态度差", anonymous=True)
    other = citizen()
    named = make_closed(office, other)
    rate(actor=other, case_id=named.pk, stars=2)
    seen = {bad.anonymous: bad for bad in bad_ratings(office.approver)}
    assert (seen[True].case_id, seen[True].when.day, seen[True].reasons) == (None, 1, ["服务态度差效率低"])
    assert (seen[False].case_id, seen[False].when) == (named.pk, today())
    with pytest.raises(NotAllowed):
        bad_ratings(office.clerk)


def test_one_supplement(someone, case):
    with pytest.raises(NotRateable) as refusal:
        supplement(actor=someone, case_id=case.pk, text="x")
    assert codes(refusal) == ["not_rated"]
    rate(actor=someone, case_id=case.pk, stars=1)
    with pytest.raises(RatingRefused):
        supplement(actor=someone, case_id=case.pk, text="  ")
    supplement(actor=someone, case_id=case.pk, text="还没有人联系我")
    with pytest.raises(NotRateable) as refusal:
        supplement(actor=someone, case_id=case.pk, text="再说一次")
    assert codes(refusal) == ["supplemented_before"]


def test_figures_keep_the_unrated_apart(office, someone, case, django_assert_num_queries):
    make_closed(office, citizen())
    rate(actor=someone, case_id=case.pk, stars=2)
    period = {"since": today(), "until": today()}
    with django_assert_num_queries(9):  # three to count; the rest looks into the shared store and fills it
        figures = figures_by("department_id", **period)[case.department_id]
    assert (figures.closed, figures.rated, figures.unrated, figures.bad) == (2, 1, 1, 1)
    assert (figures.rated_share, figures.good_share) == (0.5, 0.0)
    with django_assert_num_queries(1):
        figures_by("department_id", **period)


def test_many_are_counted_beforehand_and_come_to_the_same(office, someone, case, monkeypatch):
    make_closed(office, citizen())
    rate(actor=someone, case_id=case.pk, stars=2)
    period = {"since": today(), "until": today()}
    live = [figures_by(what, **period) for what in ("department_id", "item_code")]
    assert today() in days_to_count()
    count_days([today()])
    assert days_to_count() == {today()}
    monkeypatch.setattr(queries, "FEW", 0)
    cache.clear()
    assert [figures_by(what, **period) for what in ("department_id", "item_code")] == live
