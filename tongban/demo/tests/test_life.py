"""The demo city lives: its past is performed once, every item leads to a result, and many cases look like a city's.

The city is loaded once for this file; every test undoes what it did to it.
"""

from collections.abc import Iterator
from itertools import takewhile

import pytest
from django.db import transaction
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from tongban.demo import life
from tongban.demo.loading import STEPS
from tongban.demo.many import make_many
from tongban.demo.samples import codes
from tongban.foundation.audit.queries import verify
from tongban.foundation.clocks.models import Clock
from tongban.foundation.identity.models import Company, Person
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.identifiers import citizen_id_fault, uscc_fault
from tongban.services.cases.models import Case, CaseStep
from tongban.services.cases.queries import case_for, worklist
from tongban.services.evaluation.models import Rating

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("city")]


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Everything but the cases, in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        for step in takewhile(lambda step: step.title != "办件 cases", STEPS):
            step.load()
        yield
        transaction.set_rollback(True)


def test_every_play_is_performed_and_only_once() -> None:
    assert life.live() == (len(life.PLAYS), [])
    assert Case.objects.count() == len(life.PLAYS)
    assert set(Case.objects.values_list("is_open", flat=True)) == {True, False}
    assert set(Case.objects.values_list("lamp", flat=True)) > {"green"}
    assert Rating.objects.count() == sum(play.stars > 0 for play in life.PLAYS)
    life.live()
    assert Case.objects.count() == len(life.PLAYS)


def test_every_item_can_be_applied_for_and_handled_to_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "PLAYS", tuple(life.Play(code, 30, "closed") for code in codes()))
    assert life.live() == (len(codes()), [])
    assert not Case.objects.exclude(state="closed", result="granted").exists()
    assert sorted(Case.objects.values_list("item_code", flat=True)) == codes()


def test_many_cases_look_like_a_citys_and_do_not_clash_with_more() -> None:
    assert make_many(2000) == 2000
    assert make_many(500, seed=2) == 500
    shares = Case.objects.values("department_id").annotate(cases=Count("id")).order_by("-cases")
    assert shares[0]["cases"] > 1200
    open_cases = Case.objects.filter(is_open=True)
    assert 20 < open_cases.count() < 400
    working = open_cases.filter(state__in=["accepted", "reviewing"]).count()
    clocks = Clock.objects.filter(ended_on=None, subject__startswith="case:").count()
    assert CaseStep.objects.filter(state="todo").count() == clocks == working
    assert verify() == []
    people = list(Person.objects.filter(invented=True))
    assert all(citizen_id_fault(person.id_number, today=today()) is None for person in people)
    assert all(uscc_fault(uscc) is None for uscc in Company.objects.values_list("uscc", flat=True))
    officer = Actor(kind="staff", department_id=shares[0]["department_id"], grants={"cases.see": Scope.DEPARTMENT})
    page = worklist(officer, size=20)
    assert len(page) == 20
    assert case_for(officer, page.rows[0].pk).applicant_name
