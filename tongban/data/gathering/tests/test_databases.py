"""Databases of every kind keep one contract: parts, marks, locks, a source that dies or re-uses a key meanwhile, a changed column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tongban.data.gathering import actions
from tongban.data.gathering.errors import SourceAway
from tongban.data.gathering.gateways import databases
from tongban.data.gathering.gateways.databases import Database
from tongban.data.gathering.models import Job, Run
from tongban.data.lake import queries as lake
from tongban.data.lake.tests.factories import HAND, own_lake
from tongban.foundation.organisations.tests.factories import make_department

from .factories import COLUMNS, STEWARD, fetch, make_job, make_source
from .offices import PORTABLE, MariaDBOffice, Office, PostgreSQLOffice, SQLiteOffice, mariadb

__all__ = ["mariadb"]
pytestmark = pytest.mark.django_db
PEOPLE = [(1, "李华", "1990-03-07", 1), (2, "王芳", "19850121", 2), (3, "赵六", "2001年12月31日", 3)]
CHANGED = {"name": "changed", "source": "changed", "kind": "integer"}


@pytest.fixture(autouse=True)
def _lake(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.GATHERING_ROOT, settings.GATHERING_INSIDE = str(tmp_path / "inbox"), True
    monkeypatch.setattr(databases, "LOCK_SECONDS", 1)
    with own_lake(tmp_path / "lake"):
        yield


@pytest.fixture(params=["postgresql", "mysql", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    own = make_department()
    if request.param == "mysql":
        server: Office = request.getfixturevalue("mariadb")
        server.run("drop table if exists {people}")
    elif request.param == "sqlite":
        (tmp_path / "inbox" / own.code).mkdir(parents=True)
        server = SQLiteOffice(tmp_path / "inbox" / own.code)
    else:
        server = PostgreSQLOffice(f"source_{uuid4().hex[:12]}")
    server.department_id = own.pk  # type: ignore[attr-defined]
    server.run(PORTABLE)
    server.put(*PEOPLE)
    yield server
    if isinstance(server, PostgreSQLOffice):
        server.close()


def job_of(office: Any, **fields: Any) -> Job:
    source = make_source(office.kind, office.place, office.secret, department_id=office.department_id)
    return make_job(source, office.table, **{"rows_a_part": 2} | fields)


def names(job: Job) -> list[str]:
    return [row["name"] for row in lake.rows(actor=HAND, dataset_id=job.dataset_id)]


def meanwhile(monkeypatch: pytest.MonkeyPatch, part: int, deed: Any) -> list[Any]:
    """Do something at the source just before a part of it is read; after which rows each part was asked for."""
    asked: list[Any] = []
    write = Database.write

    def written(self: Database, table: str, page: Any, path: Path, first: int) -> list[str]:
        asked.append(page.after)
        if len(asked) == part:
            deed()
        return write(self, table, page, path, first)

    monkeypatch.setattr(Database, "write", written)
    return asked


def test_all_of_a_table_then_what_changed_and_what_is_gone(office: Office) -> None:
    job = job_of(office)
    run = fetch(job)
    assert (run.state, run.rows, run.counts["inserted"]) == (Run.State.DONE, 3, 3)
    found = lake.rows(actor=HAND, dataset_id=job.dataset_id)
    assert [(row["number"], row["name"], str(row["born_on"])) for row in found] == [
        (1, "李华", "1990-03-07"), (2, "王芳", "1985-01-21"), (3, "赵六", "2001-12-31"),
    ]  # fmt: skip
    office.run("update {people} set xm = '王芳芳' where id = 2")
    office.run("delete from {people} where id = 3")
    counts = fetch(job).counts
    assert (counts["inserted"], counts["updated"], counts["deleted"]) == (0, 1, 1)
    assert names(job) == ["李华", "王芳芳"]


def test_by_a_cursor_only_from_the_mark_on(office: Office) -> None:
    job = job_of(office, columns=[*COLUMNS, CHANGED], cursor="changed")
    assert fetch(job).whole
    office.put((9, "钱七", "19990909", 5), (8, "孙八", "19990909", 3))
    office.run("update {people} set xm = '李桦', changed = 4 where id = 1")
    run = fetch(job)
    assert (run.whole, run.rows) == (False, 4), "those that stand at the mark are read again: one came in late"
    assert (run.counts["updated"], run.counts["inserted"], run.counts["deleted"]) == (1, 2, 0)
    assert names(job) == ["李桦", "王芳", "赵六", "孙八", "钱七"]


def test_a_source_that_dies_in_mid_run_is_gone_on_with(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of(office)
    run = actions.start_run(actor=STEWARD, job_id=job.pk)
    asked = meanwhile(monkeypatch, 2, office.dies)
    for _ in range(2):
        with pytest.raises(SourceAway):
            actions.gather(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.fault["code"], run.rows) == (Run.State.FAILED, "gathering.source_away", 2)
    assert names(job) == []
    office.lives()
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert names(job) == ["李华", "王芳", "赵六"]
    assert asked == [[], ["2"], ["2"], ["3"]], "what was landed is not asked for again"


def test_a_locked_table_is_waited_for_a_while_and_then_asked_again(office: Office) -> None:
    job = job_of(office)
    run = actions.start_run(actor=STEWARD, job_id=job.pk)
    with office.locked(), pytest.raises(SourceAway) as told:
        actions.gather(run_id=run.pk)
    assert [reason.code for reason in told.value.reasons] == ["locked"]
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert names(job) == ["李华", "王芳", "赵六"]


def test_a_column_that_changed_stops_the_run_and_is_asked_about(office: Office) -> None:
    job = job_of(office)
    fetch(job)
    office.run("alter table {people} add column note {text}")
    assert fetch(job).state == Run.State.DONE
    office.run("alter table {people} rename column xm to xingming")
    run = fetch(job)
    assert (run.state, run.fault) == (Run.State.FAILED, {"code": "gathering.shape_changed"})
    mended = [{**column, "source": "xingming"} if column["name"] == "name" else column for column in COLUMNS]
    actions.answer_shape(actor=STEWARD, job_id=job.pk, columns=mended)
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert names(job) == ["李华", "王芳", "赵六"]


def test_a_column_dropped_in_mid_run_leaves_the_batch_whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of(office)
    run = actions.start_run(actor=STEWARD, job_id=job.pk)
    meanwhile(monkeypatch, 2, lambda: office.run("alter table {people} drop column csrq"))
    assert actions.gather(run_id=run.pk).fault["code"] == "gathering.source_unreadable"
    assert actions.gather(run_id=run.pk).fault["code"] == "gathering.shape_changed", "and then it is asked about"
    assert names(job) == []


def test_a_key_used_again_in_mid_run_is_one_row_and_the_next_run_has_it_right(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(office)

    def used_again() -> None:
        office.run("delete from {people} where id in (1, 3)")
        office.put((1, "周九", "19700101", 9), (3, "吴十", "19700101", 9))

    with monkeypatch.context() as patch:
        meanwhile(patch, 2, used_again)
        fetch(job)
    assert names(job) in (["李华", "王芳", "吴十"], ["李华", "王芳", "赵六"]), "each as it was when it was read"
    assert fetch(job).counts["inserted"] == 0
    assert names(job) == ["周九", "王芳", "吴十"]


def test_large_and_written_keys_are_paged_exactly(office: Office) -> None:
    office.run("delete from {people}")
    office.put(*((2**53 + step, f"人{step}", "19700101", 1) for step in range(1, 6)))
    job = job_of(office, rows_a_part=1)
    assert fetch(job).rows == 5
    named = job_of(office, key="named", keys=["name"], rows_a_part=2)
    office.put((1, "a' or 1=1 --", "19700101", 1), (2, "b\\' \"`", "19700101", 1), (3, "𠮷野", "19700101", 1))
    assert fetch(named).rows == 8
    assert {"a' or 1=1 --", "b\\' \"`", "𠮷野"} <= set(names(named))


def test_types_of_mariadb_come_as_they_are_written(mariadb: MariaDBOffice) -> None:
    mariadb.run("drop table if exists {people}")
    mariadb.run(
        "create table {people} (id bigint unsigned primary key, money decimal(30,4), ratio double, flag tinyint(1), bits bit(8), "
        "day date, at datetime(6), stamp timestamp null, clock time, told json, sex enum('男','女'), old varchar(20) character set gbk)"
    )
    mariadb.run(
        "insert into {people} values (18446744073709551615, 12345678901234567890.7891, 0.1, 1, b'101', '1990-03-07', "
        "'2026-11-22 08:30:00.123456', '2026-11-22 08:30:00', '23:59:59', '{\"a\": 1}', '女', '李华')"
    )
    mariadb.run("set statement sql_mode = '' for insert into {people} (id, day) values (1, '0000-00-00')")
    source = make_source("mysql", mariadb.place, mariadb.secret)
    kinds = {"id": "text", "money": "decimal", "ratio": "number", "flag": "yes_no", "day": "date", "at": "moment"}
    kinds |= dict.fromkeys(("clock", "told", "sex", "old"), "text")
    columns = [{"name": name, "source": name, "kind": kind} for name, kind in kinds.items()]
    columns = [one | {"name": {"id": "number", "at": "at_once"}.get(one["name"], one["name"])} for one in columns]
    job = make_job(source, mariadb.table, columns=columns, keys=["number"])
    run = fetch(job)
    [row] = lake.rows(actor=HAND, dataset_id=job.dataset_id)
    assert row["number"] == "18446744073709551615"
    assert (str(row["day"]), row["flag"], row["clock"], row["sex"], row["old"]) == (
        "1990-03-07", True, "23:59:59", "女", "李华",
    )  # fmt: skip
    assert row["at_once"].isoformat() == "2026-11-22T00:30:00.123456+00:00"
    [bad] = lake.quarantined(actor=HAND, batch_id=run.batch_id)
    assert bad["_faults"] == ["unreadable:day"], "a day that is none is no day"
