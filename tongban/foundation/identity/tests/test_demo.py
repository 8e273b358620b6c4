"""The demo city's people are made through the same actions as everybody else."""

from pathlib import Path

import pytest

from tongban.foundation.identity.actions import load_people
from tongban.foundation.identity.models import Account, Appointment, Person
from tongban.foundation.identity.queries import capacities_of
from tongban.foundation.organisations.actions import load_city

from .factories import id_number, uscc

PERSONS = {
    "wangwei": {"key": "wangwei", "name": "王伟", "id_number": id_number(901), "phone": "19900000001"},
    "sunli": {"key": "sunli", "name": "孙丽", "id_number": id_number(902), "phone": "19900000002"},
}
COMPANIES = {"hotel": {"name": "示例酒店", "uscc": uscc(903), "legal_person": "wangwei"}}

pytestmark = pytest.mark.django_db


def test_the_demo_city_has_people_and_may_be_loaded_twice() -> None:
    load_city(Path("/nonexistent"))
    roster = load_people(persons=PERSONS, companies=COMPANIES)
    assert load_people(persons=PERSONS, companies=COMPANIES) == roster
    assert Account.objects.count() == len(roster)
    assert Person.objects.filter(invented=True).count() == 2
    assert Appointment.objects.count() == len(roster) - 2
    handler = Account.objects.get(username="sunli")
    assert [c.kind for c in capacities_of(handler)] == ["self", "company"]
