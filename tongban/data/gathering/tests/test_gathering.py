"""A department's rows come into the lake, part by part, whatever is killed, paused or changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import time_machine

from tongban.data.gathering import actions, queries
from tongban.data.gathering.errors import JobRefused, RunMoved, SourceAway, SourceRefused
from tongban.data.gathering.gateways.databases import Database
from tongban.data.gathering.models import Job, Run, Source
from tongban.data.lake import queries as lake
from tongban.data.lake.tests.factories import HAND, own_lake
from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.tests.factories import make_department

from .factories import COLUMNS, ROWS, STEWARD, Server, fetch, make_job, make_source, server, sqlite_file, steward_of

pytestmark = pytest.mark.django_db
NAMES = ["李华", "王芳", "赵六"]


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
    return make_job(make_source("postgresql", office.place, office.secret), office.table, rows_a_part=2)


def names(job: Job) -> list[str]:
    return [row["name"] for row in lake.rows(actor=HAND, dataset_id=job.dataset_id)]


def test_a_table_comes_in_part_by_part(people: Job) -> None:
    run = fetch(people)
    assert (run.state, run.rows, run.counts["inserted"]) == (Run.State.DONE, 3, 3)
    found = lake.rows(actor=HAND, dataset_id=people.dataset_id)
    assert [(row["number"], row["name"], str(row["born_on"]), row["_row"]) for row in found] == [
        (1, "李华", "1990-03-07", 1),
        (2, "王芳", "1985-01-21", 2),
        (3, "赵六", "2001-12-31", 3),
    ]
    assert len(lake.parts(actor=HAND, batch_id=run.batch_id)) == 3, "two rows, one row, and that there is nothing more"


def test_what_changed_and_what_is_gone_is_found_by_comparing(people: Job, office: Server) -> None:
    fetch(people)
    office.run("update {people} set xm = '王芳芳' where id = 2")
    office.run("delete from {people} where id = 3")
    run = fetch(people)
    assert {name: run.counts[name] for name in ("inserted", "updated", "deleted")} == {
        "inserted": 0,
        "updated": 1,
        "deleted": 1,
    }
    assert names(people) == ["李华", "王芳芳"]


def test_by_a_cursor_only_what_is_new_is_read(office: Server) -> None:
    columns = [*COLUMNS, {"name": "changed", "source": "changed", "kind": "moment"}]
    job = make_job(
        make_source("postgresql", office.place, office.secret), office.table, columns=columns, cursor="changed"
    )
    assert fetch(job).whole, "the first time all of it"
    job.refresh_from_db()
    assert job.high
    office.run("update {people} set xm = '李桦', changed = clock_timestamp() where id = 1")
    office.put([(9, "钱七", "19990909")])
    run = fetch(job)
    assert not run.whole
    assert (run.counts["updated"], run.counts["inserted"], run.counts["deleted"]) == (1, 1, 0)
    assert run.rows == 3, "the one that stood at the mark is read again, for others may stand there too"
    assert names(job) == ["李桦", "王芳", "赵六", "钱七"]
    office.run("delete from {people} where id = 9")
    assert fetch(job).counts["deleted"] == 0, "a cursor does not see what is gone"
    assert fetch(job, whole=True).counts["deleted"] == 1


@pytest.mark.parametrize("kind", ["sqlite", "csv", "json", "ndjson", "parquet"])
def test_every_kind_of_source_gives_the_same(kind: str, tmp_path: Path) -> None:
    job = make_job(*made(kind, tmp_path), rows_a_part=2)
    assert fetch(job).counts["inserted"] == 3
    assert names(job) == NAMES
    assert fetch(job).counts["unchanged"] == 3


def made(kind: str, folder: Path) -> tuple[Source, str]:
    rows = [{"id": number, "xm": name, "csrq": day} for number, name, day in ROWS]
    office = make_department()
    inbox = folder / "inbox" / office.code
    inbox.mkdir(parents=True)
    if kind == "sqlite":
        sqlite_file(inbox / "office.db")
        return make_source("sqlite", {"path": "office.db"}, department_id=office.pk), "main.people"
    path = inbox / "files" / f"people.{kind}"
    path.parent.mkdir()
    if kind == "json":
        path.write_text(json.dumps(rows, ensure_ascii=False))
    elif kind == "ndjson":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    elif kind == "csv":
        path.write_text("id,xm,csrq\n" + "".join(f"{row['id']},{row['xm']},{row['csrq']}\n" for row in rows))
    else:
        with duckdb.connect() as duck:
            values = ", ".join(f"({row['id']}, '{row['xm']}', '{row['csrq']}')" for row in rows)
            duck.execute(f"copy (select * from (values {values}) t(id, xm, csrq)) to '{path}' (format parquet)")
    return make_source("files", {"folder": "files"}, department_id=office.pk), path.name


def test_a_killed_run_goes_on_after_the_last_part(people: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    run = actions.start_run(actor=STEWARD, job_id=people.pk)
    asked: list[Any] = []
    write = Database.write

    def dies_at_the_second(self: Database, table: str, page: Any, path: Path, first: int) -> list[str]:
        asked.append(page.after)
        if len(asked) == 2:
            path.write_bytes(b"half a file")
            raise KeyboardInterrupt
        return write(self, table, page, path, first)

    monkeypatch.setattr(Database, "write", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        actions.gather(run_id=run.pk)
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert asked == [[], ["2"], ["2"], ["3"]], "what was landed is not asked for again"
    assert names(people) == NAMES
    assert actions.gather(run_id=run.pk).counts["inserted"] == 3, "and a second call does nothing"


def test_a_pause_holds_after_the_part_and_resuming_loses_nothing(people: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    run = actions.start_run(actor=STEWARD, job_id=people.pk)
    write = Database.write

    def paused_meanwhile(self: Database, *said: Any) -> list[str]:
        actions.pause_run(actor=STEWARD, run_id=run.pk)
        return write(self, *said)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", paused_meanwhile)
        assert actions.gather(run_id=run.pk).state == Run.State.PAUSED
    assert (names(people), queries.runs_of(actor=STEWARD, job_id=people.pk)[0].rows) == ([], 2)
    with pytest.raises(RunMoved):
        actions.start_run(actor=STEWARD, job_id=people.pk)
    actions.resume_run(actor=STEWARD, run_id=run.pk)
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert names(people) == NAMES


def test_a_source_that_is_away_is_said_so_without_its_password(office: Server, people: Job) -> None:
    with pytest.raises(SourceAway) as away:
        make_source("postgresql", {**office.place, "host": "nowhere.invalid"}, {**office.secret, "password": "geheim"})
    assert "geheim" not in repr(away.value.__dict__)
    assert [reason.code for reason in away.value.reasons] == ["host"]
    run = actions.start_run(actor=STEWARD, job_id=people.pk)
    Source.objects.filter(pk=people.source_id).update(place={**office.place, "host": "nowhere.invalid"})
    with pytest.raises(SourceAway):  # the queue asks again later
        actions.gather(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.fault["code"]) == (Run.State.FAILED, "gathering.source_away")
    Source.objects.filter(pk=people.source_id).update(place=office.place)
    assert actions.gather(run_id=run.pk).state == Run.State.DONE


def test_a_change_of_shape_stops_and_is_asked_about(people: Job, office: Server) -> None:
    fetch(people)
    office.run("alter table {people} add column note text")
    assert fetch(people).state == Run.State.DONE, "a new column is told and stops nothing"
    people.refresh_from_db()
    assert people.changes == [{"what": "new", "name": "note", "was": "", "now": "VARCHAR"}]
    office.run("alter table {people} rename column xm to xingming")
    run = fetch(people)
    assert (run.state, run.fault) == (Run.State.FAILED, {"code": "gathering.shape_changed"})
    people.refresh_from_db()
    assert (people.state, {change["name"] for change in people.changes}) == (
        Job.State.ASKING,
        {"xm", "xingming", "note"},
    )
    with pytest.raises(JobRefused):
        actions.accept_shape(actor=STEWARD, job_id=people.pk, columns=COLUMNS)
    mended = [{**column, "source": "xingming"} if column["name"] == "name" else column for column in COLUMNS]
    actions.accept_shape(actor=STEWARD, job_id=people.pk, columns=mended)
    actions.resume_run(actor=STEWARD, run_id=run.pk)
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert names(people) == NAMES


def test_bad_rows_are_put_aside_and_the_rest_goes_on(people: Job, office: Server) -> None:
    office.put([(4, None, "1999-01-01"), (5, "孙八", "十月初一")])
    run = fetch(people)
    assert (run.counts["quarantined"], names(people)) == (2, NAMES)
    told = {row["number"]: row["_faults"] for row in lake.quarantined(actor=HAND, batch_id=run.batch_id)}
    assert told == {4: ["missing:name"], 5: ["unreadable:born_on"]}


def test_trying_out_keeps_nothing(office: Server) -> None:
    office.put([(5, "孙八", "十月初一")])
    source = make_source("postgresql", office.place, office.secret)
    found = actions.try_out(actor=STEWARD, source_id=source.pk, table=office.table, columns=COLUMNS, keys=["number"])
    assert [(row.cells[1].value, row.faults) for row in found.rows] == [
        *((name, []) for name in NAMES),
        ("孙八", ["unreadable:born_on"]),
    ]
    assert (found.kept, found.reasons) == (3, [("unreadable:born_on", 1)])
    assert found.rows[-1].cells[2].came, "what could not be read is shown as it stands"
    assert not Job.objects.exists()


def test_what_a_source_has_is_shown(office: Server) -> None:
    source = make_source("postgresql", office.place, office.secret)
    assert office.table in [table.name for table in queries.tables_of(actor=STEWARD, source_id=source.pk)]
    assert list(queries.columns_of(actor=STEWARD, source_id=source.pk, table=office.table)) == [
        "id",
        "xm",
        "csrq",
        "changed",
    ]


def test_everything_wrong_with_a_source_or_a_job_is_said_at_once(office: Server, tmp_path: Path) -> None:
    with pytest.raises(SourceRefused) as refused:
        make_source("postgresql", {"password": "x"}, title=" ")
    assert {reason.field for reason in refused.value.reasons} == {"title", "host", "dbname", "password"}
    source = make_source("postgresql", office.place, office.secret)
    with pytest.raises(JobRefused) as wrong:
        make_job(
            source,
            office.table,
            columns=[{"name": "a", "source": "nix"}, {"name": "b", "source": "xm", "kind": "q"}],
            cursor="id",
        )
    assert [reason.code for reason in wrong.value.reasons] == ["missing", "kind", "newest"]
    with pytest.raises(JobRefused):
        make_job(source, "nowhere.nothing")
    folder = make_source("files", {"folder": ""})
    (tmp_path / "inbox" / "secret.csv").write_text("id,xm,csrq\n")
    with pytest.raises(SourceAway):
        make_job(folder, "../secret.csv")


@pytest.mark.parametrize("folder", ["../other", "/etc", "a/../../other"])
def test_another_departments_folder_cannot_be_named(folder: str) -> None:
    with pytest.raises(SourceRefused):
        make_source("files", {"folder": folder})
    with pytest.raises(SourceRefused):
        make_source("sqlite", {"path": f"{folder}/office.db"})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "0.0.0.0", "169.254.169.254"])
def test_this_machine_itself_is_no_source(host: str, settings: Any) -> None:
    settings.GATHERING_INSIDE = False
    with pytest.raises(SourceRefused) as refused:
        make_source("postgresql", {"host": host, "dbname": "tongban"})
    assert [reason.code for reason in refused.value.reasons] == ["inside"]


@pytest.mark.parametrize("host", ["/tmp/tongban", "a,/tmp", "a b", "user@a"])
def test_a_host_is_one_name_and_no_socket(host: str, settings: Any) -> None:
    settings.GATHERING_INSIDE = False
    with pytest.raises(SourceRefused) as refused:
        make_source("postgresql", {"host": host, "dbname": "tongban"})
    assert [reason.code for reason in refused.value.reasons] == ["host"]


def test_due_jobs_begin_within_their_window_and_late_ones_are_on_the_board(people: Job) -> None:
    assert actions.start_due() == 0
    with time_machine.travel(people.due_at + timedelta(minutes=1), tick=False):
        assert actions.start_due() == 1
        assert actions.start_due() == 0, "it is due again tomorrow"
    with time_machine.travel(now() + timedelta(days=3), tick=False):
        assert [job.pk for job in queries.late(actor=STEWARD)] == [people.pk]
        assert actions.start_due() == 0, "the last one is still open"
        actions.gather(run_id=Run.objects.get().pk)
        assert queries.late(actor=STEWARD) == []


def test_a_department_sees_and_changes_its_own(people: Job, office: Server) -> None:
    own, other = steward_of(people.department_id), steward_of(make_department("区税务局").pk)
    assert queries.jobs(actor=own) == [people]
    assert queries.jobs(actor=other) == []
    for act in (
        lambda: queries.job(actor=other, job_id=people.pk),
        lambda: queries.columns_of(actor=other, source_id=people.source_id, table=office.table),
        lambda: actions.start_run(actor=other, job_id=people.pk),
        lambda: actions.pause_job(actor=other, job_id=people.pk),
    ):
        with pytest.raises(NotAllowed):
            act()
    actions.pause_job(actor=own, job_id=people.pk)
    with pytest.raises(RunMoved):
        actions.start_run(actor=own, job_id=people.pk)


def test_secrets_and_values_are_in_no_fact_and_no_plain_column(people: Job, office: Server) -> None:
    fetch(people)
    told = json.dumps([fact.data for fact in Fact.objects.all()], ensure_ascii=False)
    assert not [name for name in NAMES if name in told]
    assert "user" not in Source.objects.get().place
    row = Source.objects.values_list("place", flat=True).get()
    assert set(row) <= {"host", "port", "dbname"}


def test_a_run_that_is_given_up_leaves_the_way_free(people: Job, office: Server) -> None:
    run = actions.start_run(actor=STEWARD, job_id=people.pk)
    actions.pause_run(actor=STEWARD, run_id=run.pk)
    actions.give_up(actor=STEWARD, run_id=run.pk, reason="来源停用")
    with pytest.raises(RunMoved):
        actions.resume_run(actor=STEWARD, run_id=run.pk)
    assert fetch(people).state == Run.State.DONE
