"""The demo city has a past: every play can be performed to its end, once."""

import pytest

from tongban.demo.life import PLAYS, live
from tongban.demo.loading import STEPS
from tongban.services.cases.models import Case
from tongban.services.evaluation.models import Rating


@pytest.mark.slow
@pytest.mark.django_db
def test_every_play_is_performed_and_only_once() -> None:
    for step in STEPS[:-1]:
        step.load()
    assert live() == (len(PLAYS), [])
    assert Case.objects.count() == len(PLAYS)
    assert set(Case.objects.values_list("is_open", flat=True)) == {True, False}
    assert set(Case.objects.values_list("lamp", flat=True)) > {"green"}
    assert Rating.objects.count() == sum(play.stars > 0 for play in PLAYS)
    live()
    assert Case.objects.count() == len(PLAYS)
