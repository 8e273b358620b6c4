import pytest

from tongban.data.registries.models import Record
from tongban.demo.registries import invented, load
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.identifiers import citizen_id_fault, organisation_check, uscc_fault


def test_everybody_has_a_valid_number_of_his_own_every_time(settings, tmp_path):
    settings.DATA_FOLDER = tmp_path  # without the data of others
    persons, companies = invented()
    assert (persons, companies) == invented()
    assert len(persons) >= 40
    assert len(companies) >= 12
    assert [p["name"] for p in persons if citizen_id_fault(p["id_number"], today=today())] == []
    assert len({p["id_number"] for p in persons}) == len({p["phone"] for p in persons}) == len(persons)
    assert all(uscc_fault(c["uscc"]) is None for c in companies)
    assert all(organisation_check(c["uscc"][8:16]) == c["uscc"][16] for c in companies)
    assert all("示例" in c["name"] for c in companies)


@pytest.mark.django_db
def test_loading_twice_adds_nobody():
    assert load() == load()
    assert Record.objects.filter(register="population").count() == 48
    assert Record.objects.filter(register="legal_persons").count() == 20
