"""A rule is tried, saved, asked; what offends goes aside with a ticket; corrected at its source it flows through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tongban.data.lake import queries as lake
from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import HAND, pour
from tongban.data.quality import actions, queries
from tongban.data.quality.console.words import SAID, told_rule
from tongban.data.quality.errors import QualityMoved, RuleRefused, TicketRefused
from tongban.data.quality.models import Check, Finding, Rule, Ticket
from tongban.data.quality.rules import KINDS, PATTERNS, is_fresh, rule_faults, scores, swings
from tongban.data.standards.tests.factories import make_set
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.grades import INTERNAL, SENSITIVE

from .factories import PLATFORM, ROWS, checked, content, make_people, make_rule, steward_of

pytestmark = pytest.mark.django_db


def test_from_a_rule_to_a_closed_ticket(people: Dataset, steward: Actor) -> None:
    rows, bad, shown = actions.preview(actor=steward, dataset_id=people.pk, content=content())
    assert (rows, bad, [row["number"] for row in shown]) == (4, 2, ["a2", "a4"])
    make_rule(steward, people)
    check = checked(steward, people)
    assert (check.state, check.rows, check.bad_rows, check.aside, check.score) == ("done", 4, 2, 2, 50.0)
    assert lake.count(actor=HAND, dataset_id=people.pk) == 2, "what offends is out of the view"
    ticket = Ticket.objects.get()
    assert ticket.due_on > today()
    with pytest.raises(TicketRefused) as refused:
        actions.correct(actor=steward, ticket_id=ticket.pk)
    assert [reason.code for reason in refused.value.reasons] == ["still_bad"]
    pour(people, [("a2", "王芳", "1985-01-21"), ("a4", "孙七", "1999-09-09")])  # the source has put it right
    assert lake.count(actor=HAND, dataset_id=people.pk) == 4, "and it flows through"
    actions.correct(actor=steward, ticket_id=ticket.pk, words="已补录")
    with pytest.raises(NotAllowed):
        actions.close(actor=steward, ticket_id=ticket.pk)
    actions.close(actor=PLATFORM, ticket_id=ticket.pk)
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    again = checked(steward, people)
    assert (again.score, again.bad_rows, Ticket.objects.count()) == (100.0, 0, 1)
    told = list(Fact.objects.filter(name__startswith="quality.").order_by("id").values_list("name", flat=True))
    assert told[:4] == ["quality.tried", "quality.rule_saved", "quality.check_asked", "quality.checked"]


def test_what_lies_aside_counts_until_it_is_well(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people)
    checked(steward, people)
    pour(people, ROWS, whole=True)  # nothing was put right
    again = checked(steward, people)
    assert (again.bad_rows, again.score, again.aside) == (2, 50.0, 0)
    assert Ticket.objects.count() == 1, "one open ticket a rule"


def test_rows_are_masked_by_grade_and_each_look_is_a_fact(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people, {"kind": "length", "columns": ["name"], "least": "3"})
    checked(steward, people)
    finding = Finding.objects.get()
    rows = actions.show_rows(actor=steward, finding_id=finding.pk)
    assert {row["name"] for row in rows} == {"李*", "王*", "赵*", "孙*"}, "what is at fault is people's data too"
    assert {row["number"] for row in rows} == {"a*"}, "nobody has said what this column is"
    assert queries.ungraded_titles(people.pk) == ["number", "name", "born_on"]
    cleared = replace(steward, clearance=SENSITIVE)
    assert [row["name"] for row in actions.show_rows(actor=cleared, finding_id=finding.pk)] == [
        "李华",
        "王芳",
        "赵六",
        "孙七",
    ]
    assert Fact.objects.filter(name="quality.rows_shown").count() == 2
    with pytest.raises(NotAllowed):
        actions.show_rows(actor=officer("data_steward"), finding_id=finding.pk)


def test_rules_have_versions_with_a_day_and_end(people: Dataset, steward: Actor) -> None:
    first = make_rule(steward, people)
    later = today() + timedelta(days=9)
    spec = {"kind": "length", "columns": ["name"], "most": "2"}
    actions.save_rule(
        actor=steward, dataset_id=people.pk, content=content(spec), effective_on=later, rule_id=first.rule_id
    )
    assert [held.version for _rule, held in queries.asked(people.pk)] == [1]
    assert [held.version for _rule, held in queries.asked(people.pk, later)] == [2]
    people.refresh_from_db()
    assert list(people.guards) == ["rule:1"]
    actions.end_rule(actor=steward, rule_id=first.rule_id)
    people.refresh_from_db()
    assert (people.guards, queries.asked(people.pk)) == ({}, [])
    with pytest.raises(QualityMoved):
        actions.ask_check(actor=steward, dataset_id=people.pk)  # nothing is asked of it


def test_a_set_of_codes_is_the_one_of_the_day(people: Dataset, steward: Actor) -> None:
    make_set("XM")
    make_rule(
        steward, people, {"kind": "codes", "columns": ["name"], "code_set": "XM"}, severity="note", dimension="norm"
    )
    assert checked(steward, people).bad_rows == 4
    with pytest.raises(RuleRefused) as refused:
        make_rule(steward, people, {"kind": "codes", "columns": ["name"], "code_set": "nothing"})
    assert [reason.field for reason in refused.value.reasons] == ["code_set"]


def test_the_dataset_itself_is_asked_too(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people, {"kind": "fresh", "columns": [], "hours": "24"}, severity="note", dimension="timely")
    make_rule(
        steward, people, {"kind": "swing", "columns": [], "percent": "10"}, severity="note", dimension="accessible"
    )
    assert checked(steward, people).score == 100.0
    pour(people, ROWS[:2], whole=True)
    found = checked(steward, people)
    assert found.dimensions == {"timely": 100.0, "accessible": 0.0}


def test_a_rule_is_refused_with_everything_that_is_wrong(people: Dataset, steward: Actor) -> None:
    assert rule_faults({"spec": {"kind": "?"}}, columns={}) == [
        ("title", "missing"), ("severity", "unknown"), ("dimension", "unknown"), ("kind", "unknown"),
    ]  # fmt: skip
    told = rule_faults(content({"kind": "length", "columns": ["x"], "most": "ten"}), columns={"name": "text"})
    assert told == [("columns", "columns"), ("most", "number")]
    assert rule_faults(content({"kind": "compare", "columns": ["name", "name"]}), columns={"name": "text"}) == [
        ("operator", "missing")
    ]
    with pytest.raises(NotAllowed):
        make_rule(officer("data_steward"), people)
    assert not Rule.objects.exists()


def test_scores_weigh_rules_by_severity_and_dimensions_alike() -> None:
    found = [
        ("norm", "error", 100, 10),
        ("norm", "note", 100, 90),
        ("timely", "error", 1, 0),
        ("accurate", "error", 0, 0),
    ]
    assert scores(found) == (85.0, {"norm": 70.0, "timely": 100.0})
    assert scores([]) == (None, {})
    assert scores([("norm", "error", 10, 99)])[0] == 0.0
    assert swings(90, 100, 10) is False
    assert swings(89, 100, 10) is True
    assert swings(5, None, 1) is False
    assert is_fresh(now() - timedelta(hours=24), 24, now() - timedelta(seconds=1))
    assert not is_fresh(None, 24, now())


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_steward_and_the_platform_go_through_the_pages(client: Client) -> None:
    who = officer("data_steward", clearance=INTERNAL)
    desk, platform = sign_in(client, who), sign_in(Client(), officer("data_admin"))
    people = make_people(department_id=who.department_id)
    where = f"/console/quality/datasets/{people.pk}/"
    assert "还没有查过的数据集" in page(desk.get("/console/quality/"))
    assert "不能空" in page(desk.get(f"{where}rules/new/"))
    for kind in KINDS:
        assert desk.get(f"{where}rules/new/?kind={kind}").status_code == 200
    typed = {
        "kind": "not_null",
        "title": "出生日期不能空",
        "columns": ["born_on"],
        "severity": "error",
        "dimension": "complete",
    }
    assert "查出 2 行有问题" in page(desk.post(f"{where}rules/new/", typed | {"act": "try"}))
    refused = desk.post(f"{where}rules/new/", typed | {"title": "", "effective_on": "2026-02-30"})
    assert refused.status_code == 422
    for what in ("规则名称：请填写这一项。", "施行日期：请填写这一项。"):
        assert what in page(refused), "each reason says what it is about"
    typed["effective_on"] = str(today())
    assert desk.post(f"{where}rules/new/", typed).url == where
    rule = Rule.objects.get()
    assert "出生日期不能空" in page(desk.get(f"/console/quality/rules/{rule.pk}/edit/"))
    answer = desk.post(f"{where}check/")
    actions.run_check(check_id=Check.objects.get().pk)
    told = page(desk.get(answer.url))
    assert "看规则1的行" in told
    finding = Finding.objects.get()
    told = page(desk.post(f"/console/quality/findings/{finding.pk}/rows/"))
    assert "王芳" not in told
    assert "还没有分级的列：number、name、born_on。" in told
    assert platform.post(f"/console/quality/findings/{finding.pk}/send/").status_code == 409
    ticket = Ticket.objects.get()
    assert f"/console/quality/tickets/{ticket.pk}/" in page(platform.get(answer.url)), "instead of sending another"
    at = f"/console/quality/tickets/{ticket.pk}/"
    assert "待来源部门处理" in page(desk.get("/console/quality/tickets/"))
    assert desk.post(f"{at}correct/").status_code == 422
    assert desk.post(f"{at}explain/", {"words": "老档案没有记"}).status_code == 302
    assert desk.post(f"{at}close/").status_code == 403
    assert "再查一次并办结" in page(platform.get(at))
    assert platform.post(f"{at}close/", {"words": "同意"}).status_code == 302
    assert "已办结" in page(desk.get(at))
    assert "50.0" in page(platform.get("/console/quality/"))
    desk.post(f"/console/quality/rules/{rule.pk}/end/")
    assert "还没有规则" in page(desk.get(where))


def test_a_rule_is_told_as_one_says_it(people: Dataset) -> None:
    other = make_people(key="registered", title="户籍人口", department_id=people.department_id)
    there = {"dataset": other.key, "their_key": "number", "their_column": "name"}
    titles = {"number": "身份号码", "name": "姓名", "born_on": "出生日期"}
    told = {
        "出生日期不能空": {"kind": "not_null", "columns": ["born_on"]},
        "姓名的写法：手机号码": {"kind": "format", "columns": ["name"], "pattern": PATTERNS["mobile"]},
        "姓名的字数在 2 到 6 之间": {"kind": "length", "columns": ["name"], "least": "2", "most": "6"},
        "出生日期不小于 1900-01-01": {"kind": "range", "columns": ["born_on"], "least": "1900-01-01"},
        "身份号码 ≠ 姓名": {"kind": "compare", "columns": ["number", "name"], "operator": "<>"},
        "姓名是“甲”的就要有出生日期": {"kind": "needs", "columns": ["name", "born_on"], "value": "甲"},
        "姓名与“户籍人口”的“name”一致，以身份号码和那边的“number”对上": {
            "kind": "cross_source", "columns": ["number", "name"], **there,
        },
        "行数比上一次检查的增减不超过 20%": {"kind": "swing", "columns": [], "percent": "20"},
    }  # fmt: skip
    for words, spec in told.items():
        assert told_rule({"spec": spec}, titles) == words
    assert "“gone”" in told_rule(
        {"spec": {"kind": "reference", "columns": ["name"], "dataset": "gone", "their_column": "x"}}, {}
    )
    assert set(SAID) == set(KINDS)


def test_a_common_pattern_is_known_by_its_name_again(client: Client) -> None:
    who = officer("data_steward")
    desk = sign_in(client, who)
    people = make_people(department_id=who.department_id)
    spec = {"kind": "format", "columns": ["name"], "pattern": PATTERNS["mobile"]}
    version = make_rule(steward_of(people.department_id), people, spec)
    form = page(desk.get(f"/console/quality/rules/{version.rule_id}/edit/"))
    assert '<option value="mobile" selected>' in form
    assert PATTERNS["mobile"] not in form, "else it would win over another name chosen above it"
