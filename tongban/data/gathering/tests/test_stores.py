"""Files in a folder, on SFTP and on S3: the same is listed, chosen, read once and told. The servers are real (`shelves.py`)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook

from tongban.data.gathering import actions
from tongban.data.gathering.errors import JobRefused, SourceAway, SourceFetching, SourceRefused, SourceUnreadable
from tongban.data.gathering.gateways import Page, folders, forget_old, looked, reader, sftp
from tongban.data.gathering.models import Job, Run, Taken
from tongban.data.gathering.rules import fits, place_faults
from tongban.data.lake import queries as lake
from tongban.data.lake.tests.factories import own_lake
from tongban.foundation.kernel.actors import installer

from .factories import COLUMNS, STEWARD, fetch, make_job, make_source
from .shelves import FolderShelf, OpenSSH, SeaweedFS, Shelf, openssh, seaweedfs, shelf

__all__ = ["openssh", "seaweedfs", "shelf"]
HAND = installer("lake.read")
HEAD = "id,xm,csrq\n"


def codes(told: Any) -> list[str]:
    return [reason.code for reason in told.value.reasons]


def workbook(sheets: dict[str, list[str]]) -> bytes:
    """Sheets with these columns and one row."""
    book, data = Workbook(), io.BytesIO()
    for name, columns in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(columns)
        sheet.append(["示例"] * len(columns))
    del book["Sheet"]
    book.save(data)
    return data.getvalue()


def read(shelf: Shelf, table: str, folder: Path, **page: Any) -> list[tuple[Any, ...]]:
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        source.write(table, Page(["id", "xm"], **page), folder / "part", 1)
    with duckdb.connect() as duck:
        return duck.execute(f"select id, xm from read_parquet('{folder / 'part'}')").fetchall()


def test_every_store_lists_and_reads_the_same(shelf: Shelf, tmp_path: Path) -> None:
    first, second = HEAD + "1,李华,1990-03-07\n", '{"id": 2, "xm": "王芳"}\n'
    shelf.put("people-1.csv", first)
    shelf.put("people-2.ndjson", second)
    shelf.put("notes.txt", "-")
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        assert [(one.name, one.size) for one in source.tables()] == [
            ("people-1.csv", len(first.encode())),
            ("people-2.ndjson", len(second.encode())),
        ]
        assert list(source.columns("people-1.csv")) == ["id", "xm", "csrq"]
    assert read(shelf, "people-1.csv", tmp_path) == [("1", "李华")]
    assert read(shelf, "people-2.ndjson", tmp_path) == [("2", "王芳")]
    with pytest.raises(SourceAway) as told:
        read(shelf, "../people-1.csv", tmp_path)
    assert codes(told) == ["no_file"]


def test_sheets_of_a_workbook_are_there_to_choose(shelf: Shelf) -> None:
    shelf.put("people-1.xlsx", workbook({"一月": ["姓名"], "二月": ["姓名", "电话"]}))
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        assert list(source.columns("people-1.xlsx")) == ["姓名"]
        assert source.sheets("people-1.xlsx") == ["people-1.xlsx#一月", "people-1.xlsx#二月"]
        assert source.sheets("people-*.xlsx#二月") == ["people-*.xlsx#一月", "people-*.xlsx#二月"]
        assert list(source.columns("people-*.xlsx#二月")) == ["姓名", "电话"]
        assert source.sheets("people.csv") == []


def test_of_a_large_file_elsewhere_only_the_beginning_is_looked_at(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "GLANCE", 1 << 12)
    shelf.put("people.csv", HEAD + "".join(f"{number},示例,\n" for number in range(1000)))
    shelf.put("odd.csv", HEAD + '1,李华,\n2,"' + "多行\n" * 2000 + '",\n')
    fetched: list[str] = []
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        store = source.store  # type: ignore[attr-defined]
        whole = store.fetched
        monkeypatch.setattr(store, "fetched", lambda one, folder: fetched.append(one.name) or whole(one, folder))
        source.glance()
        assert list(source.columns("people.csv")) == ["id", "xm", "csrq"]
        source.write("people.csv", Page(["id", "xm"], limit=100), tmp_path / "part", 1)
        assert (fetched == []) == (shelf.kind != "files"), "where it lies here it is read in place"
        assert list(source.columns("odd.csv")) == ["id", "xm", "csrq"], "cut within a value or not"
    with duckdb.connect() as duck:
        assert duck.execute(f"select count(*) from read_parquet('{tmp_path / 'part'}')").fetchone() == (100,)


def test_a_file_that_goes_or_changes_in_mid_run_is_not_taken_in(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("people.csv", HEAD + "1,李华,\n")
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        known = source.store.found("people.csv")  # type: ignore[attr-defined]
        shelf.put("people.csv", HEAD + "1,李华,\n2,王芳,\n")
        source.was["people.csv"] = known  # type: ignore[attr-defined]
        with pytest.raises(SourceAway) as told:
            source.write("people.csv", Page(["id", "xm"]), tmp_path / "part", 1)
        assert codes(told) == ["changed"]
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        source.was["people.csv"] = source.store.found("people.csv")  # type: ignore[attr-defined]
        shelf.remove("people.csv")
        with pytest.raises(SourceAway) as told:
            source.write("people.csv", Page(["id", "xm"]), tmp_path / "part", 1)
        assert codes(told)[0] in ("no_file", "changed")


@pytest.mark.django_db
class TestJobs:
    @pytest.fixture(autouse=True)
    def _lake(self, tmp_path: Path) -> Iterator[None]:
        with own_lake(tmp_path / "lake"):
            yield

    def job(self, shelf: Shelf, table: str, **fields: Any) -> Job:
        source = make_source(shelf.kind, shelf.place, shelf.secret)
        if isinstance(shelf, FolderShelf) and shelf.kind == "files":
            inbox = shelf.folder.parent / source.place["folder"]
            inbox.parent.mkdir(exist_ok=True)
            if inbox.is_dir():
                inbox.rmdir()
            shelf.folder = shelf.folder.rename(inbox)
        return make_job(source, table, **fields)

    def names(self, job: Job) -> dict[int, str]:
        return {row["number"]: row["name"] for row in lake.rows(actor=HAND, dataset_id=job.dataset_id)}

    def test_new_files_alone_are_read_and_each_once(self, shelf: Shelf) -> None:
        shelf.put("people-1.csv", HEAD + "1,李华,1990-03-07\n2,王芳,\n")
        shelf.put("people-2.csv", HEAD + "2,王芳芳,\n")
        shelf.put("other.csv", "a\n1\n")
        job = self.job(shelf, "people-*.csv", takes="new")
        run = fetch(job)
        assert (run.state, run.rows, run.counts["superseded"]) == (Run.State.DONE, 3, 1)
        assert self.names(job) == {1: "李华", 2: "王芳芳"}, "of two files the later one is right"
        assert dict(Taken.objects.filter(job=job).values_list("name", "rows")) == {"people-1.csv": 2, "people-2.csv": 1}

        again = fetch(job)
        assert (again.state, again.rows, again.whole) == (Run.State.DONE, 0, False)

        shelf.remove("people-1.csv")  # taken away after it was fetched, as usual
        shelf.put("people-2.csv", HEAD + "2,王小芳,\n")
        shelf.put("people-3.csv", HEAD + "3,赵六,\n")
        third = fetch(job)
        assert third.rows == 2
        assert self.names(job) == {1: "李华", 2: "王小芳", 3: "赵六"}
        files = lake.batch(actor=HAND, batch_id=third.batch_id).parts[0]["files"]
        assert [(one["name"], one["rows"]) for one in files] == [("people-2.csv", 1), ("people-3.csv", 1)]

    def test_reading_all_of_new_files_anew_takes_no_row_of_a_file_that_went_for_gone(self, shelf: Shelf) -> None:
        shelf.put("people-1.csv", HEAD + "1,李华,1990-03-07\n")
        shelf.put("people-2.csv", HEAD + "2,王芳,1985-01-21\n")
        job = self.job(shelf, "people-*.csv", takes="new", columns=COLUMNS[:2])
        fetch(job)
        shelf.remove("people-1.csv")
        known = {"actor": STEWARD, "job_id": job.pk, "keys": ["number"]}
        job = actions.change_mapping(**known, columns=COLUMNS, seen=1)
        run = fetch(job)
        assert (run.whole, run.rows, run.counts["deleted"]) == (True, 1, 0)
        assert self.names(job) == {1: "李华", 2: "王芳"}
        with pytest.raises(JobRefused) as told:
            actions.change_mapping(**known | {"keys": ["name"]}, columns=COLUMNS, seen=2)
        assert codes(told) == ["files_gone"]

    def test_another_key_before_anything_has_come_costs_nothing(self, shelf: Shelf) -> None:
        shelf.put("people-1.csv", HEAD + "1,李华,1990-03-07\n")
        job = self.job(shelf, "people-*.csv", takes="new")
        job = actions.change_mapping(actor=STEWARD, job_id=job.pk, keys=["name"], columns=COLUMNS, seen=1)
        run = fetch(job)
        assert (run.state, run.counts["inserted"]) == (Run.State.DONE, 1)
        assert self.names(job) == {1: "李华"}

    def test_the_newest_or_all_of_them_are_everything(self, shelf: Shelf) -> None:
        shelf.put("people-1.csv", HEAD + "1,李华,\n2,王芳,\n")
        job = self.job(shelf, "people-?.csv", takes="newest")
        fetch(job)
        shelf.put("people-2.csv", HEAD + "2,王芳,\n")
        assert fetch(job).counts["deleted"] == 1
        job.takes = "all"
        job.save()
        assert fetch(job).rows == 3
        assert self.names(job) == {1: "李华", 2: "王芳"}

    def test_a_broken_file_stops_the_run_with_its_name_and_nothing_is_lost(self, shelf: Shelf) -> None:
        shelf.put("people-1.csv", HEAD + "1,李华,\n")
        job = self.job(shelf, "people-*.csv", takes="new")
        shelf.put("people-2.csv", "id,name\n2,王芳\n")
        shelf.put("people-3.csv", HEAD + "3,赵六,\n")
        run = fetch(job)
        assert run.state == Run.State.FAILED
        assert run.fault["reasons"] == ["文件“people-2.csv”里没有“xm、csrq”这一列。"]
        shelf.put("people-2.csv", HEAD + "2,王芳,\n")
        actions.resume_run(actor=installer("gathering.manage"), run_id=run.pk)
        assert actions.gather(run_id=run.pk).rows == 3
        assert self.names(job) == {1: "李华", 2: "王芳", 3: "赵六"}

    def test_a_pattern_says_how_its_files_are_read(self, shelf: Shelf) -> None:
        shelf.put("people.csv", HEAD + "1,李华,\n")
        source = make_source(shelf.kind, shelf.place, shelf.secret)
        with pytest.raises(JobRefused):
            make_job(source, "people*.csv")
        with pytest.raises(JobRefused):
            make_job(source, "people.csv", takes="new")


def test_a_server_is_asked_nothing_until_its_key_is_pinned(openssh: OpenSSH, settings: Any) -> None:
    settings.GATHERING_INSIDE = True
    place = openssh.place
    with pytest.raises(SourceRefused) as told, reader("sftp", {**place, "host_key": ""}, openssh.secret):
        pass
    assert codes(told) == ["host_key"]
    assert openssh.mark in told.value.reasons[0].text, "what ssh-keygen says of it"

    openssh.dies()
    openssh.keygen("host")  # another server, or somebody who says he is it
    openssh.lives()
    with pytest.raises(SourceRefused) as told, reader("sftp", place, openssh.secret):
        pass
    assert codes(told) == ["host_key_changed"]
    log = (openssh.etc / "log").read_text()
    assert "Accepted" not in log
    assert "Failed password" not in log


def test_what_an_sftp_server_refuses_is_told(openssh: OpenSSH, settings: Any, tmp_path: Path) -> None:
    settings.GATHERING_INSIDE = True
    place, secret = openssh.place, openssh.secret

    def told_of(place: dict[str, Any], secret: dict[str, Any]) -> list[str]:
        with pytest.raises((SourceAway, SourceRefused)) as told, reader("sftp", place, secret) as source:
            source.tables()
        assert "geheim" not in str(told.value.reasons)
        return codes(told)

    assert told_of(place, {**secret, "key": "", "password": "geheim"}) == ["password"]
    assert told_of(place, {**secret, "key": (openssh.etc / "stranger").read_text()}) == ["password"]
    assert told_of(place, {**secret, "key": "geheim"}) == ["key"]
    assert told_of({**place, "folder": "/nowhere"}, secret) == ["folder"]
    openssh.dies()
    assert told_of(place, secret) == ["refused"]
    settings.GATHERING_INSIDE = False
    assert told_of(place, secret) == ["inside"]


def test_a_file_that_is_being_written_is_waited_for(
    openssh: OpenSSH, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.GATHERING_INSIDE = True
    path = openssh.folder / "people.csv"
    path.write_text(HEAD + "1,李")

    def written_on(seconds: float) -> None:
        assert 0 < seconds <= sftp.SETTLED
        path.write_text(HEAD + "1,李华,\n2,王芳,\n")

    monkeypatch.setattr(sftp, "sleep", written_on)
    with pytest.raises(SourceAway) as told:
        read(openssh, "people.csv", tmp_path)
    assert codes(told) == ["changed"]
    monkeypatch.setattr(sftp, "sleep", lambda seconds: None)
    assert read(openssh, "people.csv", tmp_path) == [("1", "李华"), ("2", "王芳")]


def test_ten_thousand_files_are_listed_and_one_chosen(openssh: OpenSSH, settings: Any) -> None:
    settings.GATHERING_INSIDE = True
    for number in range(10_000):
        (openssh.folder / f"people-{number:05}.csv").touch()
    with reader("sftp", openssh.place, openssh.secret) as source:
        assert len(source.tables()) == 10_000


def test_what_a_bucket_refuses_is_told(seaweedfs: SeaweedFS, settings: Any) -> None:
    settings.GATHERING_INSIDE = True
    place, secret = seaweedfs.place, seaweedfs.secret

    def told_of(place: dict[str, Any], secret: dict[str, Any]) -> list[str]:
        with pytest.raises((SourceAway, SourceRefused)) as told, reader("s3", place, secret) as source:
            source.tables()
        return codes(told)

    assert told_of({**place, "bucket": "nowhere"}, secret) == ["bucket"]
    assert told_of(place, {"user": "STRANGER", "password": "geheim"}) == ["password"]
    assert told_of(place, {**secret, "password": "falsch"}) == ["password"]
    assert told_of(place, {"user": "NOBODY", "password": "geheim"}) == ["rights"]
    assert told_of({**place, "url": "http://127.0.0.1:1"}, secret) == ["refused"]
    settings.GATHERING_INSIDE = False
    assert told_of(place, secret) == ["inside"], "the address is looked at as it is called"


def test_a_bucket_is_listed_page_by_page(seaweedfs: SeaweedFS, settings: Any) -> None:
    settings.GATHERING_INSIDE = True
    seaweedfs.place = {**seaweedfs.place, "folder": "many"}
    for number in range(1_100):
        seaweedfs.put(f"people-{number:05}.csv", "a\n")
    with reader("s3", seaweedfs.place, seaweedfs.secret) as source:
        assert len(source.tables()) == 1_100, "more than one answer holds"


@pytest.mark.parametrize(
    ("name", "pattern", "right"),
    [("台账-1.csv", "台账-*.csv", True), ("A.CSV", "a.csv", True), ("a[1].csv", "a[1].csv", True), ("ab.csv", "?.csv", False)],
)  # fmt: skip
def test_a_name_is_of_a_pattern(name: str, pattern: str, right: bool) -> None:
    assert fits(name, pattern) is right


def test_what_must_be_said_of_a_server() -> None:
    assert place_faults("sftp", {"host": "a.example", "host_key": "MD5:00"}, {"user": "a"}) == [
        ("host_key", "host_key")
    ]
    assert place_faults("s3", {"url": "https://a.example/bucket", "bucket": "b"}, {}) == [("server", "url")]
    assert place_faults("sftp", {"host": "a.example"}, {"key": "x" * 9_000}) == [("missing", "user")]


def test_a_workbook_that_ends_in_mid_file_is_told(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("people.xlsx", "PK half of one")
    with pytest.raises(SourceUnreadable) as told:
        read(shelf, "people.xlsx", tmp_path)
    assert codes(told) == ["broken"]


def test_a_large_file_that_is_needed_whole_is_brought_meanwhile(
    shelf: Shelf, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAKE_ROOT = str(tmp_path / "lake")
    monkeypatch.setattr(folders, "GLANCE", 100)
    shelf.put("people.json", json.dumps([{"id": at, "xm": "李华"} for at in range(50)]))

    def columns() -> list[str]:
        with reader(shelf.kind, shelf.place, shelf.secret) as source:
            source.glance()
            return list(source.columns("people.json"))

    if isinstance(shelf, FolderShelf) and not isinstance(shelf, OpenSSH):
        assert columns() == ["id", "xm"], "what lies here is read where it lies"
        return
    told = []
    for _again in range(2):
        with pytest.raises(SourceFetching) as fetching:
            columns()
        told.append((fetching.value.is_new, fetching.value.done))
    assert told == [(True, 0), (False, 0)], "one is asked, once"
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        source.bring(fetching.value.mark)
    assert columns() == ["id", "xm"]
    (tmp_path / "lake" / "looked" / "stray").write_text("of nobody")
    assert forget_old() == 0
    monkeypatch.setattr(looked, "KEPT", -1)
    assert forget_old() == 2
    with pytest.raises(SourceFetching):
        columns()
    with reader(shelf.kind, shelf.place, shelf.secret) as source:
        assert list(source.columns("people.json")) == ["id", "xm"], "a run waits for it"


def test_who_fetches_and_falls_silent_is_followed_by_another(
    shelf: Shelf, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAKE_ROOT = str(tmp_path / "lake")
    if shelf.kind == "files":
        pytest.skip("nothing is fetched")
    monkeypatch.setattr(folders, "GLANCE", 100)
    monkeypatch.setattr(looked, "SILENT", -1)
    shelf.put("people.json", json.dumps([{"id": at} for at in range(50)]))
    for _again in range(2):
        with reader(shelf.kind, shelf.place, shelf.secret) as source:
            source.glance()
            with pytest.raises(SourceFetching) as fetching:
                source.columns("people.json")
        assert fetching.value.is_new
