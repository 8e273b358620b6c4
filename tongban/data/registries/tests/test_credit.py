"""Credit records: which stand, from when on one may be mended, and what rules and the desk read of them."""

from __future__ import annotations

from datetime import date

import pytest

from tongban.data.registries import actions, queries
from tongban.data.registries.models import Record
from tongban.data.registries.rules import credit_values, mendable_from, stands
from tongban.data.registries.tests.factories import LIHUA, TEAHOUSE
from tongban.data.registries.tests.test_registries import FOR_CASE, clerk
from tongban.foundation.audit.models import Fact

DAY = date(2026, 11, 21)
MARK = {"kind": "seriously_illegal", "since": "2026-01-31"}


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"until": "2026-11-21"}, True),  # the last day
        ({"until": "2026-11-20"}, False),
        ({"repair": "asked"}, True),
        ({"repair": "done"}, False),
        ({"dispute": "open"}, True),
        ({"dispute": "upheld"}, False),
        ({"dispute": "turned_down"}, True),
    ],
)
def test_what_stands(changes, counts):
    assert stands(MARK | changes, DAY) is counts
    assert credit_values([MARK | changes], "示例", DAY, DAY)["marked"]["value"] is counts


def test_an_open_objection_is_told_and_a_permit_is_nothing_against_anybody():
    said = credit_values([MARK | {"dispute": "open"}, {"kind": "permit", "since": "2026-01-01"}], "示例", DAY, DAY)
    assert (said["disputed"]["value"], said["marked"]["value"], said["dishonest"]["value"]) == (True, True, False)
    assert credit_values([{"kind": "permit"}], "示例", DAY, DAY)["marked"]["value"] is False


@pytest.mark.parametrize(
    ("kind", "since", "first"),
    [
        ("penalty", "2026-11-30", date(2027, 2, 28)),
        ("penalty", "2026-01-15", date(2026, 4, 15)),
        ("grave_penalty", "2024-02-29", date(2025, 2, 28)),
        ("dishonest", "2026-01-01", None),
    ],
)
def test_mending_may_be_asked_for_after_its_time(kind, since, first):
    assert mendable_from({"kind": kind, "since": since}) == first
    assert mendable_from({"kind": kind, "since": since, "repair": "done"}) is None


@pytest.mark.django_db
def test_rules_and_the_desk_read_the_same_records(client):
    mark = {"no": "XY1", "kind": "dishonest", "since": "2025-03-01", "matter": "示例"}
    assert actions.load_credit(marks={LIHUA["id_number"]: [mark]}, as_of=DAY) == 1
    said = queries.registered("credit", LIHUA["id_number"], DAY)
    assert said is not None
    assert (said["dishonest"]["value"], said["abnormal"]["value"]) == (True, False)
    clean = queries.registered("credit", TEAHOUSE["uscc"], DAY)
    assert clean is not None
    assert clean["marked"]["value"] is False
    found = queries.records_about(actor=clerk(), register="credit", number=LIHUA["id_number"], **FOR_CASE)
    assert [one["kind"]["value"] for one in found] == ["dishonest"]
    assert Fact.objects.get(name="registries.looked").data == {"what": "credit", **FOR_CASE, "own": False}
    actions.load_credit(marks={}, as_of=DAY)  # delivered anew, without it
    assert not Record.objects.filter(register="credit").exists()
