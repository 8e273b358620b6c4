"""Many cases: rows as the actions leave them, spread as in a real city, and again without a clash."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Count

from tongban.demo import loading
from tongban.demo.many_cases import make_many
from tongban.foundation.clocks.models import Clock
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.services.cases.models import Case, CaseStep
from tongban.services.cases.queries import case_for, worklist


@pytest.mark.slow
@pytest.mark.django_db
def test_many_cases_look_like_a_citys(settings, tmp_path: Path):
    settings.DATA_FOLDER = tmp_path
    for step in loading.STEPS[:-1]:
        step.load()
    assert make_many(2000) == 2000
    assert make_many(500, seed=2) == 500  # numbers do not clash
    shares = Case.objects.values("department_id").annotate(cases=Count("id")).order_by("-cases")
    assert shares[0]["cases"] > 1200
    open_cases = Case.objects.filter(is_open=True)
    assert 20 < open_cases.count() < 200
    working = open_cases.filter(state__in=["accepted", "reviewing"]).count()
    assert CaseStep.objects.count() == Clock.objects.count() == working
    officer = Actor(kind="staff", department_id=shares[0]["department_id"], grants={"cases.see": Scope.DEPARTMENT})
    page = worklist(officer, size=20)
    assert len(page) == 20
    assert case_for(officer, page.rows[0].pk).applicant_name
