"""Every item of the demo city can be applied for with its sample, and handled to the end by the offices it names."""

from __future__ import annotations

import pytest

from tongban.demo import life
from tongban.demo.loading import STEPS
from tongban.demo.samples import codes
from tongban.services.cases.models import Case


@pytest.mark.slow
@pytest.mark.django_db
def test_every_item_leads_to_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "PLAYS", tuple(life.Play(code, 30, "closed") for code in codes()))
    for step in STEPS[:-1]:
        step.load()
    played, hindered = life.live()
    assert (played, hindered) == (len(codes()), [])
    assert not Case.objects.exclude(state="closed", result="granted").exists()
    assert sorted(Case.objects.values_list("item_code", flat=True)) == codes()
