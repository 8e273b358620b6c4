"""Every kind of rule finds what it is for and nothing else; what offends goes aside and comes back when it is well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tongban.data.lake import actions, queries
from tongban.data.lake.errors import BatchBroken
from tongban.data.lake.models import Dataset

from .factories import HAND, WORK, make_dataset, own_lake, pour

pytestmark = pytest.mark.django_db
ROWS = [
    ("110101199003070011", "李华", "1990-03-07"),
    ("11010119900307001X", "王芳", "1985-01-21"),
    ("a3", "赵六六六", "2101-12-31"),
    ("a4", "李华", None),
]
COLUMNS = [{"name": "number", "kind": "text"}, {"name": "name", "kind": "text"}, {"name": "born_on", "kind": "date"}]


@pytest.fixture(autouse=True)
def _lake(tmp_path: Path) -> Iterator[None]:
    with own_lake(tmp_path):
        yield


@pytest.fixture
def people() -> Dataset:
    one = make_dataset()
    pour(one, ROWS)
    return one


KINDS: list[tuple[dict[str, Any], list[str]]] = [
    ({"kind": "not_null", "columns": ["born_on"]}, ["a4"]),
    ({"kind": "format", "columns": ["number"], "pattern": "[0-9X]{18}"}, ["a3", "a4"]),
    ({"kind": "length", "columns": ["name"], "least": 2, "most": 3}, ["a3"]),
    ({"kind": "codes", "columns": ["name"], "values": ["李华", "王芳"]}, ["a3"]),
    ({"kind": "check_digit", "columns": ["number"], "digits": "id_number"}, ["11010119900307001X", "a3", "a4"]),
    ({"kind": "range", "columns": ["born_on"], "least": "1986-01-01", "most": "2026-11-22"}, ["11010119900307001X", "a3"]),
    ({"kind": "unique", "columns": ["name"]}, ["110101199003070011", "a4"]),
    ({"kind": "compare", "columns": ["number", "name"], "operator": "<"}, []),
    ({"kind": "id_birth", "columns": ["number", "born_on"]}, ["11010119900307001X"]),
    ({"kind": "needs", "columns": ["name", "born_on"], "value": "李华"}, ["a4"]),
    ({"kind": "needs", "columns": ["name", "born_on"]}, ["a4"]),
    ({"kind": "length", "columns": ["name"]}, []),
]  # fmt: skip


def test_one_pass_counts_what_every_kind_finds(people: Dataset) -> None:
    rows, bad, each, version = queries.checked(actor=HAND, dataset_id=people.pk, specs=[spec for spec, _ in KINDS])
    assert (rows, bad) == (4, 4)
    assert each == [len(found) for _, found in KINDS]
    for spec, found in KINDS:
        told = queries.offenders(actor=HAND, dataset_id=people.pk, spec=spec, version=version)
        assert [row["number"] for row in told] == sorted(found), spec


def test_other_datasets_are_asked(people: Dataset) -> None:
    other = make_dataset(key="registered", department_id=people.department_id)
    pour(other, [("a3", "赵六", "2001-12-31"), ("a4", "李华", None)])
    reference = {"kind": "reference", "columns": ["number"], "dataset": "registered", "their_column": "number"}
    cross = {
        "kind": "cross_source",
        "columns": ["number", "name"],
        "dataset": "registered",
        "their_key": "number",
        "their_column": "name",
    }
    assert queries.checked(actor=HAND, dataset_id=people.pk, specs=[reference, cross])[2] == [2, 1]
    told = queries.offenders(actor=HAND, dataset_id=people.pk, spec=cross)
    assert [row["number"] for row in told] == ["a3"]


def test_credit_codes_have_a_check_digit() -> None:
    one = make_dataset(keys=["number"])
    pour(one, [("91350100M000100Y43", "甲", None), ("91350100M000100Y44", "乙", None), ("1", "丙", None)])
    spec = {"kind": "check_digit", "columns": ["number"], "digits": "uscc"}
    assert [row["name"] for row in queries.offenders(actor=HAND, dataset_id=one.pk, spec=spec)] == ["丙", "乙"]


def test_a_pattern_that_is_none_is_refused(people: Dataset) -> None:
    with pytest.raises(BatchBroken):
        queries.checked(
            actor=HAND, dataset_id=people.pk, specs=[{"kind": "format", "columns": ["name"], "pattern": "("}]
        )


def test_what_offends_goes_aside_and_comes_back_when_it_is_well(people: Dataset) -> None:
    spec = {"rule:1": {"kind": "not_null", "columns": ["born_on"]}}
    assert actions.set_aside(actor=HAND, dataset_id=people.pk, specs=spec, mark="c1") == 1
    assert actions.set_aside(actor=HAND, dataset_id=people.pk, specs=spec, mark="c2") == 0
    actions.set_guards(actor=HAND, dataset_id=people.pk, guards=spec)
    assert queries.count(actor=HAND, dataset_id=people.pk) == 3
    assert queries.aside_counts(actor=HAND, dataset_id=people.pk) == {"rule:1": 1}
    assert [row["number"] for row in queries.aside(actor=HAND, dataset_id=people.pk, code="rule:1")] == ["a4"]
    again = pour(people, [("a4", "李华", None), ("a5", "新来", None)])
    assert again.counts["quarantined"] == 2, "the guard is asked of what comes in"
    assert queries.aside_counts(actor=HAND, dataset_id=people.pk) == {"rule:1": 2}
    pour(people, [("a4", "李华", "1990-01-01")])
    assert queries.aside_counts(actor=HAND, dataset_id=people.pk) == {"rule:1": 1}
    pour(people, [("a4", "李华", "1990-01-01")], whole=True)
    assert queries.aside_counts(actor=HAND, dataset_id=people.pk) == {}, "what the source no longer has is gone"
    actions.set_guards(actor=HAND, dataset_id=people.pk, guards={})
    actions.replay(actor=HAND, dataset_id=people.pk, since=1, work=WORK, reason="规则撤了")
    assert queries.aside_counts(actor=HAND, dataset_id=people.pk) == {}


STEPS: list[tuple[list[dict[str, Any]], str, str | None]] = [
    ([{"do": "blanks"}], "李 　华", "李华"),
    ([{"do": "half_width"}], "ＡＢ－１２（３）", "AB-12(3)"),
    ([{"do": "half_width"}, {"do": "upper"}], "１１x", "11X"),
    ([{"do": "digits"}], "138-0000 1111", "13800001111"),
    ([{"do": "date"}], "1990年3月7日", "1990-03-07"),
    ([{"do": "date"}], "1990/3/7 08:00", "1990-03-07"),
    ([{"do": "date"}], "32939", "32939"),
    ([{"do": "date", "excel": True}], "32939", "1990-03-07"),
    ([{"do": "date"}], "79.3.7", "79.3.7"),
    ([{"do": "date", "minguo": True}], "民国79年3月7日", "1990-03-07"),
    ([{"do": "date", "minguo": True}], "79/2/30", "79/2/30"),
    ([{"do": "codes", "values": {"男": "1", "女": "2"}}], "男", "1"),
    ([{"do": "codes", "values": {"男": "1", "女": "2"}}], "不详", "不详"),
    ([{"do": "division", "values": {"浓洄街道": "511602001", "浓洄街道北街社区": "511602001001"}}], "浓洄街道北街社区3号", "511602001001"),
    ([{"do": "division", "values": {"浓洄街道": "511602001"}}], "别处", "别处"),
    ([{"do": "upper"}], "", None),
]  # fmt: skip


def test_steps_make_values_alike_and_guess_nothing() -> None:
    for number, (steps, said, becomes) in enumerate(STEPS):
        one = make_dataset(key=f"d{number}", columns=[COLUMNS[0], COLUMNS[1]])
        columns = [{"name": "number", "source": "number"}, {"name": "name", "source": "name", "steps": steps}]
        pour(one, [("1", said, None)], work={"columns": columns, "newest": ""})
        assert queries.rows(actor=HAND, dataset_id=one.pk)[0]["name"] == becomes, (steps, said)


def test_steps_that_are_none_are_told() -> None:
    assert queries.step_faults([{"do": "guess"}, {"do": "codes", "values": {}}]) == ["unknown", "values"]
