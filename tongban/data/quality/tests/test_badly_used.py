"""Two at once, columns that have gone, patterns without end, empty tables, fifty rules, the wrong department."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import make_dataset, pour
from tongban.data.quality import actions, queries
from tongban.data.quality.console.tables import told_rows
from tongban.data.quality.errors import RuleChanged, RuleRefused
from tongban.data.quality.models import Finding, Rule, RuleVersion, Ticket
from tongban.data.quality.rules import rule_faults
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, ProofNeeded
from tongban.foundation.kernel.grades import INTERNAL

from .factories import ROWS, checked, content, make_people, make_rule, steward_of

pytestmark = pytest.mark.django_db
KINDS = {"name": "text", "age": "integer", "born_on": "date", "seen": "moment"}


def test_who_saves_second_is_told_and_loses_nothing_of_the_first(people: Dataset, steward: Actor) -> None:
    first = make_rule(steward, people)
    known: dict[str, Any] = {
        "actor": steward,
        "dataset_id": people.pk,
        "rule_id": first.rule_id,
        "effective_on": today(),
    }
    actions.save_rule(content=content(title="甲改的"), seen=1, **known)
    with pytest.raises(RuleChanged):
        actions.save_rule(content=content(title="乙改的"), seen=1, **known)
    assert [one.content["title"] for one in RuleVersion.objects.order_by("version")] == ["出生日期不能空", "甲改的"]


def test_a_rule_on_a_column_that_has_gone_stops_neither_the_others_nor_what_comes_in(
    people: Dataset, steward: Actor
) -> None:
    make_rule(steward, people)
    other = make_dataset(key="registered", department_id=people.department_id)
    known = {"columns": ["number"], "dataset": "registered", "their_column": "name"}
    make_rule(steward, people, {"kind": "reference", **known}, severity="note")
    make_rule(steward, people, {"kind": "length", "columns": ["name"], "most": "3"}, title="名字太长")
    people.columns = [one for one in people.columns if one["name"] != "born_on"]
    people.save(update_fields=["columns"])
    other.columns = other.columns[:1]
    other.save(update_fields=["columns"])
    check = checked(steward, people)
    found = {
        one.version.content["title"]: (one.rows, one.bad) for one in queries.findings_of(check) if one.rule.number != 2
    }
    assert (check.state, found) == ("done", {"出生日期不能空": (0, 0), "名字太长": (4, 0)})
    assert check.score == 100.0, "what could not be asked counts for nothing"
    people.refresh_from_db()
    assert list(people.guards) == ["rule:3"]
    pour(people, ROWS, whole=True)


def test_patterns_are_read_before_they_are_kept_and_come_to_an_end(people: Dataset, steward: Actor) -> None:
    for none in ("(", "a{2001}{2001}", "(?<=x)y", "\\"):
        with pytest.raises(RuleRefused) as refused:
            make_rule(steward, people, {"kind": "format", "columns": ["name"], "pattern": none})
        assert [reason.field for reason in refused.value.reasons] == ["pattern"], none
    pour(people, [("a9", "a" * 20_000 + "!", "1990-03-07")])
    endless = {"kind": "format", "columns": ["name"], "pattern": "(a+)+"}
    make_rule(steward, people, endless, severity="note", dimension="norm")
    assert checked(steward, people).bad_rows == 5


def test_an_empty_table_has_no_score(steward: Actor) -> None:
    empty = make_dataset(key="nobody")
    owner = steward_of(empty.department_id)
    make_rule(owner, empty)
    make_rule(owner, empty, {"kind": "swing", "columns": [], "percent": "0"}, severity="note", dimension="accessible")
    first, second = checked(owner, empty), checked(owner, empty)
    assert (first.state, first.rows, first.score, first.dimensions) == ("done", 0, 100.0, {"accessible": 100.0})
    assert second.score == 100.0, "nothing of nothing is no change"
    assert (
        queries.report(actor=owner, department_id=empty.department_id, begins_on=today().replace(day=1)).score == 100.0
    )


def test_fifty_rules_are_one_check(people: Dataset, steward: Actor) -> None:
    for place in range(50):
        spec = {"kind": "length", "columns": ["name"], "most": str(place % 3 + 1)}
        make_rule(steward, people, spec, title=f"规则{place}", severity="note", dimension="norm")
    check = checked(steward, people)
    assert check.findings.count() == 50
    assert sum(check.findings.values_list("bad", flat=True)) == 17 * 4


def test_limits_and_columns_must_be_of_a_kind() -> None:
    def told(**spec: Any) -> list[tuple[str, str]]:
        return rule_faults(content(spec), columns=KINDS)

    assert told(kind="range", columns=["born_on"], least="很早") == [("least", "limit_day")]
    assert told(kind="range", columns=["age"], least="十八", most="99") == [("least", "limit_number")]
    assert told(kind="range", columns=["age"], least="99", most="18") == [("most", "turned")]
    assert told(kind="range", columns=["age"], least="18", most="99") == []
    assert told(kind="compare", columns=["born_on", "name"], operator="<") == [("columns", "alike")]
    assert told(kind="compare", columns=["born_on", "seen"], operator="<") == []
    assert told(kind="id_birth", columns=["name", "age"]) == [("columns", "day")]


def test_another_department_sees_changes_and_answers_nothing(people: Dataset, steward: Actor) -> None:
    version = make_rule(steward, people)
    check = checked(steward, people)
    finding, ticket = Finding.objects.get(), Ticket.objects.get()
    stranger = sign_in(Client(), officer("data_steward"))
    at = "/console/quality/"
    for path in (
        f"datasets/{people.pk}/", f"rules/{version.rule_id}/", f"rules/{version.rule_id}/edit/", f"checks/{check.pk}/",
        f"tickets/{ticket.pk}/", f"reports/{people.department_id}/2026-11/",
    ):  # fmt: skip
        assert stranger.get(f"{at}{path}").status_code in (403, 404), path
    for path in (
        f"findings/{finding.pk}/rows/",
        f"findings/{finding.pk}/rows.csv",
        f"tickets/{ticket.pk}/explain/",
        f"rules/{version.rule_id}/end/",
    ):
        assert stranger.post(f"{at}{path}", {"words": "不是我的"}).status_code in (403, 404), path
    with pytest.raises(NotAllowed):
        actions.export_rows(actor=officer("data_steward"), finding_id=finding.pk)
    assert Rule.objects.get().ended_at is None


def test_rows_as_a_file_and_a_month_on_paper(client: Client) -> None:
    desk, who = client, officer("data_steward", clearance=INTERNAL)
    sign_in(desk, who)
    people = make_people(department_id=who.department_id)
    steward = steward_of(people.department_id)
    version = make_rule(steward, people)
    checked(steward, people)
    finding = Finding.objects.get()
    with pytest.raises(ProofNeeded):
        actions.export_rows(actor=replace(steward, proof_is_old=lambda: True), finding_id=finding.pk)
    answer = desk.post(f"/console/quality/findings/{finding.pk}/rows.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "number,name,born_on,现在在哪里,原因"
    assert [line.rsplit(",", 2)[1:] for line in lines[1:]] == [["隔离区", "出生日期不能空"]] * 2
    assert "王芳" not in answer.content.decode()
    assert Fact.objects.get(name="quality.rows_exported").data["rows"] == 2
    told = desk.get(f"/console/quality/rules/{version.rule_id}/").content.decode()
    assert "每次查出多少" in told
    assert "50.0%" in told
    month = desk.get(f"/console/quality/reports/{people.department_id}/{today():%Y-%m}/").content.decode()
    assert "数据质量月报" in month
    assert "出生日期不能空" in month
    assert desk.get(f"/console/quality/reports/{people.department_id}/2026-13/").status_code == 404
    assert f"{today():%Y-%m}" in desk.get("/console/quality/reports/").content.decode()
    overseer = sign_in(Client(), officer("supervisor"))
    assert "出生日期不能空" in overseer.get("/console/quality/").content.decode()
    assert overseer.post(f"/console/quality/findings/{finding.pk}/rows/").status_code == 403


def test_reasons_are_parted_as_the_readers_language_parts_them(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people)
    rows = [{"number": "a1", "_faults": ["rule:1", "unreadable:born_on"], "_aside": True}]
    assert told_rows({"number": "编号"}, rows)["rows"][0][-1] == "出生日期不能空、归集时的检查"
    with translation.override("en"):
        assert ", " in told_rows({"number": "编号"}, rows)["rows"][0][-1]


def test_who_presses_twice_has_one_rule(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people)
    with pytest.raises(RuleRefused) as refused:
        make_rule(steward, people)
    assert [reason.code for reason in refused.value.reasons] == ["same"]
    make_rule(steward, people, severity="note")
    assert Rule.objects.count() == 2
