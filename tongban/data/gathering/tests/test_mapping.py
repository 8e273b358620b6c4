"""A mapping is said otherwise at any time: steps, checks, columns, kinds, key; what runs goes on by what it began with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tongban.data.gathering import actions
from tongban.data.gathering.errors import JobRefused, RunMoved
from tongban.data.gathering.models import Job, Run
from tongban.data.gathering.rules import differences, moved, needs_whole, offered, pairs_of, places_of
from tongban.data.lake import queries as lake
from tongban.data.lake.tests.factories import HAND, own_lake
from tongban.data.standards.queries import limits_of
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.tests.factories import make_department

from .factories import COLUMNS, STEWARD, Server, fetch, make_job, make_source, server, steward_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lake(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.GATHERING_ROOT, settings.GATHERING_INSIDE = str(tmp_path / "inbox"), True
    with own_lake(tmp_path / "lake"):
        yield


@pytest.fixture
def office() -> Iterator[Server]:
    with server() as one:
        yield one


@pytest.fixture
def people(office: Server) -> Job:
    return make_job(make_source("postgresql", office.place, office.secret), office.table)


def rows(job: Job) -> list[dict[str, Any]]:
    return lake.rows(actor=HAND, dataset_id=job.dataset_id)


def said(job: Job, columns: list[dict[str, Any]], **more: Any) -> Job:
    job.refresh_from_db()
    known = {"keys": job.keys, "cursor": job.cursor, "seen": job.version} | more
    return actions.change_mapping(actor=STEWARD, job_id=job.pk, columns=columns, **known)


def with_(name: str, **more: Any) -> list[dict[str, Any]]:
    return [{**one, **more} if one["name"] == name else one for one in COLUMNS]


def test_steps_are_done_to_what_is_gathered(people: Job, office: Server) -> None:
    office.put([(4, "Ａ　b", "民国79年3月7日"), (5, "孙八", "36526")])
    assert fetch(people).counts["quarantined"] == 2
    said(people, [
        COLUMNS[0],
        {**COLUMNS[1], "steps": [{"do": "half_width"}, {"do": "blanks"}, {"do": "upper"}]},
        {**COLUMNS[2], "steps": [{"do": "date", "minguo": "1", "excel": "1"}]},
    ])  # fmt: skip
    assert fetch(people).counts["quarantined"] == 0
    found = {row["number"]: (row["name"], str(row["born_on"])) for row in rows(people)}
    assert (found[4], found[5]) == (("AB", "1990-03-07"), ("孙八", "2000-01-01"))


def test_checks_put_a_row_aside_with_their_reason(people: Job, office: Server) -> None:
    office.put([(4, "欧阳建国", "1990-01-01")])
    asked = [{"kind": "length", "least": "2", "most": "3"}, {"kind": "format", "pattern": "[^0-9]*"}]
    said(people, with_("name", asked=asked))
    run = fetch(people)
    assert lake.faults_of(actor=HAND, batch_id=run.batch_id)[0]["fault"] == "length:name"
    for wrong in ({"kind": "format", "pattern": "("}, {"kind": "length", "least": "3", "most": "x"}):
        with pytest.raises(JobRefused):
            said(people, with_("name", asked=[wrong]))
    with pytest.raises(JobRefused):
        said(people, with_("name", steps=[{"do": "codes", "values": {}}]))


def test_a_run_goes_on_by_the_mapping_it_began_with(people: Job) -> None:
    run = actions.start_run(actor=STEWARD, job_id=people.pk)
    said(people, with_("name", steps=[{"do": "codes", "own": {"李华": "1"}}]))
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert [row["name"] for row in rows(people)] == ["李华", "王芳", "赵六"]
    run.refresh_from_db()
    people.refresh_from_db()
    assert (run.version, people.version) == (1, 2)
    fetch(people)
    assert [row["name"] for row in rows(people)] == ["1", "王芳", "赵六"]


def test_a_column_comes_and_goes_and_what_was_stays(people: Job, office: Server) -> None:
    fetch(people)
    office.run("alter table {people} add column note text default '备注'")
    said(people, [*COLUMNS, {"name": "note", "source": "note", "kind": "text"}])
    assert fetch(people).counts["updated"] == 3
    assert {row["note"] for row in rows(people)} == {"备注"}
    said(people, COLUMNS)
    fetch(people)
    assert {row["note"] for row in rows(people)} == {None}
    actions.ask_replay(actor=STEWARD, job_id=people.pk, since=1, reason="重做")
    actions.replay(job_id=people.pk)
    assert len(rows(people)) == 3


def test_another_kind_and_another_key_begin_the_view_anew(people: Job, office: Server) -> None:
    fetch(people)
    before = lake.batches(actor=HAND, dataset_id=people.dataset_id)[0].merged_at
    said(people, with_("born_on", kind="text"))
    with pytest.raises(JobRefused):
        actions.ask_replay(actor=STEWARD, job_id=people.pk, since=1, reason="还没有归集")
    run = fetch(people)
    assert (run.counts["inserted"], run.counts["deleted"]) == (3, 3)
    assert {row["born_on"] for row in rows(people)} == {"1990-03-07", "19850121", "2001年12月31日"}
    assert before
    office.put([(4, "李华", "1991-01-01")])
    said(people, with_("born_on", kind="text"), keys=["name"])
    assert fetch(people).counts["superseded"] == 1
    assert [row["name"] for row in rows(people)] == ["李华", "王芳", "赵六"]
    with pytest.raises(JobRefused) as told:
        actions.ask_replay(actor=STEWARD, job_id=people.pk, since=3, reason="重做")
    assert "第2批是按主键“number”归集的" in told.value.reasons[0].text
    assert "请从第1批起全部重做。" in told.value.reasons[0].text
    fetch(people)
    with pytest.raises(JobRefused) as told:
        actions.ask_replay(actor=STEWARD, job_id=people.pk, since=2, reason="重做")
    assert "或者从第4批起" in told.value.reasons[0].text
    for since in (4, 1):
        actions.ask_replay(actor=STEWARD, job_id=people.pk, since=since, reason="重做")
        actions.replay(job_id=people.pk)
        assert [row["name"] for row in rows(people)] == ["李华", "王芳", "赵六"]


def test_a_cursor_that_is_new_takes_one_whole_reading_first(people: Job) -> None:
    fetch(people)
    columns = [*COLUMNS, {"name": "changed", "source": "changed", "kind": "moment"}]
    said(people, columns, cursor="changed")
    assert (fetch(people).whole, fetch(people).whole) == (True, False)
    people.refresh_from_db()
    assert people.high
    run = actions.start_run(actor=STEWARD, job_id=people.pk)
    said(people, COLUMNS, cursor="")
    actions.gather(run_id=run.pk)
    people.refresh_from_db()
    assert (people.high, people.waits_for_whole) == ("", True)


def test_two_who_say_different_things_do_not_overwrite_each_other(people: Job) -> None:
    said(people, with_("name", required=False))
    with pytest.raises(RunMoved):
        said(people, with_("name", title="名字"), seen=1)
    assert said(people, with_("name", required=False)).version == 2, "nothing new is no version"
    told = people.mappings.get(number=2)
    assert (told.changes[0]["what"], told.whole) == ("checks", False)
    other = steward_of(make_department().pk)
    with pytest.raises(NotAllowed):
        actions.change_mapping(actor=other, job_id=people.pk, columns=COLUMNS, keys=["number"], seen=2)


def test_a_trial_tells_what_changed_what_failed_and_why(people: Job, office: Server) -> None:
    office.put([(4, None, "九月初九")])
    columns = with_("born_on", steps=[{"do": "date"}])
    found = actions.try_out(
        actor=STEWARD, source_id=people.source_id, table=office.table, columns=columns, keys=["number"]
    )
    assert (found.changed["born_on"], found.failed) == (2, {"number": 0, "name": 1, "born_on": 1})
    assert dict(found.reasons) == {"missing:name": 1, "unreadable:born_on": 1}
    last = found.rows[-1].cells[2]
    assert (last.came, last.value, last.faults) == ("九月初九", None, ["unreadable"])
    unseen = actions.try_out(
        actor=steward_of(people.department_id, clearance=1), source_id=people.source_id, table=office.table,
        columns=[{**one, "title": "公民身份号码"} for one in columns], keys=["number"],
    )  # fmt: skip
    assert "九月初九" not in str(unseen.rows), "masked in all three"


def test_what_is_said_otherwise_is_told() -> None:
    old = [{"name": "a", "source": "A", "kind": "text"}, {"name": "b", "source": "B", "kind": "text"}]
    new = [{"name": "a", "source": "X", "kind": "date", "steps": [{"do": "date"}]}, {"name": "c", "source": "C"}]
    found = differences(old, new, keys=(["a"], ["a", "c"]), cursor=("", "B"))
    assert [one.what for one in found] == ["added", "dropped", "source", "kind", "steps", "keys", "cursor"]
    assert needs_whole(found)
    light = differences(
        old, [{**old[0], "required": True, "title": "甲"}, old[1]], keys=(["a"], ["a"]), cursor=("", "")
    )
    assert ([one.what for one in light], needs_whole(light)) == (["title", "checks"], False)
    step = [{**old[0], "steps": [{"do": "codes", "own": {"男": "1"}}]}]
    other = [{**old[0], "steps": [{"do": "codes", "own": {"男": "2"}}]}]
    assert [one.what for one in differences(step, other, keys=([], []), cursor=("", ""))] == ["steps"]


def test_steps_are_moved_and_codes_read() -> None:
    steps = [{"do": "blanks"}, {"do": "upper"}]
    assert moved(steps, 1, -1) == steps[::-1]
    assert moved(steps, 0, -1) == moved(steps, 7, 1) == steps
    assert pairs_of("男 = 1\n女＝2\n\n不详\n= 3") == ({"男": "1", "女": "2"}, [4, 5])


def test_places_that_are_called_the_same_are_told_apart_or_left_out() -> None:
    found = places_of([
        ("1", "甲街道", ""), ("2", "乙街道", ""), ("11", "北街社区", "1"), ("21", "北街社区", "2"),
        ("12", "南街社区", "1"), ("13", "西街社区", "1"), ("14", "西街社区", "1"),
    ])  # fmt: skip
    assert found == {
        "甲街道": "1", "乙街道": "2", "南街社区": "12", "甲街道北街社区": "11", "乙街道北街社区": "21", "甲街道南街社区": "12",
    }  # fmt: skip


def test_a_data_element_offers_its_checks() -> None:
    assert offered({"name": "公民身份号码"}, limits_of("an18"), "text")["check"] == "id_number"
    sex = offered({"name": "性别代码", "code_set": "GB/T 2261.1"}, limits_of("n1"), "text")
    assert (sex["code_set"], sex["asked"][0]) == ("GB/T 2261.1", {"kind": "length", "least": "1", "most": "1"})
    assert offered({"name": "出生日期"}, limits_of("n8"), "date")["asked"] == []
