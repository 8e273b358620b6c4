"""Offices are opened, changed and put out of use; the demo city's come from the list where it is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tongban.foundation.kernel.actors import ANONYMOUS, installer
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn
from tongban.foundation.kernel.identifiers import uscc_fault
from tongban.foundation.organisations import actions, queries
from tongban.foundation.organisations.errors import OrganisationRefused
from tongban.foundation.organisations.models import Department, Division

from .factories import ADMIN, make_department, make_divisions

pytestmark = pytest.mark.django_db
NOWHERE = Path("/nonexistent")
has_data = pytest.mark.skipif(not settings.DATA_FOLDER.exists(), reason="the data sets are not beside the checkout")


def test_a_department_needs_a_valid_code_and_a_short_name_of_its_own() -> None:
    taken = make_department("区卫健局")
    with pytest.raises(OrganisationRefused) as refusal:
        actions.add_department(
            actor=ADMIN, code="11511602008777X", division="511602000000", name="", short_name=taken.short_name
        )
    assert {reason.field for reason in refusal.value.reasons} == {"code", "name", "short_name"}


def test_what_is_too_long_is_told_beside_its_field() -> None:
    office = make_department("区卫健局")
    with pytest.raises(OrganisationRefused) as refusal:
        actions.change_department(actor=ADMIN, department_id=office.pk, name="长" * 101, phone="1" * 21)
    assert [(one.code, one.field) for one in refusal.value.reasons] == [("too_long", "name"), ("too_long", "phone")]
    kept = actions.change_department(actor=ADMIN, department_id=office.pk, name="长" * 100, phone="1" * 20)
    assert (len(kept.name), len(kept.phone)) == (100, 20)


def test_only_who_manages_organisations_may_open_one() -> None:
    make_divisions()
    with pytest.raises(NotSignedIn):
        actions.add_department(actor=ANONYMOUS, code="", division="511602000000", name="甲", short_name="甲")
    with pytest.raises(NotAllowed):
        actions.add_department(
            actor=installer("items.see"), code="", division="511602000000", name="甲", short_name="甲"
        )


def test_a_department_out_of_use_is_no_longer_offered() -> None:
    department = make_department("区测试局")
    actions.change_department(actor=ADMIN, department_id=department.pk, is_active=False)
    assert queries.department_by_name("区测试局") is None
    assert department not in queries.departments_of()
    assert queries.department(department.pk).is_active is False


def test_a_small_city_loads_without_the_data_sets() -> None:
    counts = actions.load_city(NOWHERE)
    assert counts["departments"] == 34
    assert counts["divisions"] == Division.objects.count() > 5
    assert all(d.code_invented and uscc_fault(d.code) is None for d in Department.objects.all())


def test_loading_the_city_again_changes_nothing() -> None:
    assert actions.load_city(NOWHERE) == actions.load_city(NOWHERE)


@has_data
def test_the_real_city_has_five_levels_and_the_lists_departments() -> None:
    counts = actions.load_city(settings.DATA_FOLDER)
    assert counts["divisions"] > 3500
    assert counts["departments"] == 34
    path = [division.name for division in queries.division_path("511602001001")]
    assert path == ["四川省", "广安市", "广安区", "浓洄街道", "翠屏路社区居委会"]
    real = Department.objects.filter(code_invented=False)
    assert 0 < real.count() < 34
    assert all(uscc_fault(department.code) is None for department in Department.objects.all())


def test_departments_stand_in_pinyin_order() -> None:
    for name in ("区卫健局", "区财政局", "区司法局"):
        make_department(name)
    assert [d.short_name for d in queries.departments_of()] == ["区财政局", "区司法局", "区卫健局"]


def test_names_of_many_departments_cost_one_query(django_assert_num_queries) -> None:
    ids = [make_department().pk for _ in range(5)]
    with django_assert_num_queries(1):
        assert set(queries.department_names(ids)) == set(ids)
