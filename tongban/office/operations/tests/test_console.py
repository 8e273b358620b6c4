"""运行状态: who may enter, that red is red and says what to do, that the handbook has what it points to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory

from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.errors import NotAllowed
from tongban.office.operations import console
from tongban.office.operations.actions import beat
from tongban.office.operations.gateways import database
from tongban.office.operations.measuring import HELP
from tongban.office.operations.queries import house_seen, statements_seen
from tongban.office.operations.rules import LIMITS, Limit, measure
from tongban.office.operations.words import SECTIONS, span

ROOT = Path(__file__).resolve().parents[4]
OPERATOR = Actor(kind="staff", grants={"operations.see": Scope.ALL, "tasks.see": Scope.ALL})
CLERK = Actor(kind="staff")


def page(rf: RequestFactory) -> str:
    request = rf.get("/console/operations/")
    request.actor = OPERATOR
    return console.house(request).content.decode()


@pytest.mark.parametrize(
    ("limit", "value", "lamp"),
    [
        (Limit(10, 20), 9.9, "green"),
        (Limit(10, 20), 10, "yellow"),
        (Limit(10, 20), 20, "red"),
        (Limit(30, 7, falling=True), 31, "green"),
        (Limit(30, 7, falling=True), 30, "yellow"),
        (Limit(30, 7, falling=True), 7, "red"),
    ],
)
def test_a_limit_is_reached_at_its_number(limit: Limit, value: float, lamp: str) -> None:
    assert limit.lamp(value) == lamp


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.004, "0.004秒"), (89, "89秒"), (90, "2分钟"), (7200, "2小时"), (172_800, "2天")]
)
def test_a_length_of_time_in_words(seconds: float, shown: str) -> None:
    assert span(seconds) == shown


def test_constants_are_taken_out_of_a_statement() -> None:
    said = "select * from t where name = '张''三' and id = 42 and x = $1 and y2 = 3.5"
    assert database.without_constants(said) == "select * from t where name = ? and id = ? and x = $1 and y2 = ?"


def test_every_measure_that_can_turn_red_is_on_the_page_and_says_what_to_do() -> None:
    words = {name: each for _title, section in SECTIONS for name, each in section.items()}
    assert words.keys() <= HELP.keys()
    assert LIMITS.keys() <= words.keys()
    assert [name for name in LIMITS if not words[name].advice] == []


def test_the_handbook_has_every_paragraph_the_page_points_to() -> None:
    headings = set(re.findall(r"^#+ (.+)$", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE))
    pointed = {each.see for _title, section in SECTIONS for each in section.values()} | {"PostgreSQL"}
    assert pointed - headings == set()


def test_red_stands_first_and_absence_is_red() -> None:
    found = [measure("backup_carried_seconds", 5), measure("disk_free_ratio", 0.5, host="a", place="data")]
    found += [measure("disk_free_ratio", 0.01, host="b", place="data")]
    lines = {line.of or str(line.title): line.lamp for _title, each in console.sections(found) for line in each}
    assert lines["b 数据文件夹"] == "red"
    assert lines["a 数据文件夹"] == "green"
    assert lines["上次完整备份距今"] == "red"
    (_title, machines) = console.sections(found)[4]
    assert machines[0].of == "b 数据文件夹"


@pytest.mark.django_db
def test_the_page_tells_what_is_wrong_and_what_to_do(rf: RequestFactory) -> None:
    said = page(rf)
    assert "没有一个进程报到" in said
    assert "tongban drill" in said
    beat("web")
    beat("worker")
    said = page(rf)
    assert "没有一个进程报到" not in said
    assert 'hx-trigger="every 15s"' in said


@pytest.mark.django_db
def test_the_page_costs_the_same_however_much_there_is(rf: RequestFactory, django_assert_max_num_queries) -> None:
    beat("web")
    with django_assert_max_num_queries(22):
        page(rf)


@pytest.mark.django_db
def test_nobody_else_may_look(rf: RequestFactory, client) -> None:
    for question in (house_seen, statements_seen):
        with pytest.raises(NotAllowed):
            question(CLERK)
    assert client.get("/console/operations/").status_code == 302
    assert client.post("/console/operations/").status_code in (302, 401, 403, 405)


@pytest.mark.django_db
def test_running_statements_are_told_without_constants() -> None:
    assert all("'" not in one.text for one in database.running())
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    assert database.tables()
