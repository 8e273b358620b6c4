"""A disk that fills while a part, or the lake, is written: told in words, nothing half is left, and it goes on once there is room."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tongban.data.gathering import actions
from tongban.data.gathering.gateways import reader
from tongban.data.gathering.models import Job, Run
from tongban.data.lake import queries
from tongban.data.lake.errors import NoRoom
from tongban.data.lake.tests.factories import HAND, own_lake

from .factories import STEWARD, make_job, make_source
from .shelves import Shelf, openssh, seaweedfs, shelf

__all__ = ["openssh", "seaweedfs", "shelf"]

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 40_000


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: what a full disk says is said by the system itself."""
    before, heard = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)


@pytest.fixture
def job(tmp_path: Path, settings: Any) -> Iterator[Job]:
    settings.GATHERING_ROOT = str(tmp_path / "inbox")
    source = make_source("files", {"folder": "office"})
    folder = tmp_path / "inbox" / source.place["folder"]
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{number},示例{number * 7919 % 100_003},1990-03-07" for number in range(ROWS)]
    (folder / "people.csv").write_text("\n".join(["id,xm,csrq", *lines]))
    with own_lake(tmp_path / "lake"):
        yield make_job(source, "people.csv")


def begun(job: Job) -> Run:
    return actions.start_run(actor=STEWARD, job_id=job.pk)


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and "inbox" not in path.parts]


def test_no_room_for_a_part(job: Job, tmp_path: Path) -> None:
    run = begun(job)
    with room_for(30_000), pytest.raises(NoRoom):
        actions.gather(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.fault["code"]) == (Run.State.FAILED, "lake.no_room")
    assert left_over(tmp_path / "lake" / "raw") == [], "no half part stays"
    done = actions.gather(run_id=run.pk)
    assert (done.state, done.counts["inserted"]) == (Run.State.DONE, ROWS)


def test_no_room_for_the_lake(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun(job)
    with monkeypatch.context() as patch:
        patch.setattr("tongban.data.lake.actions.seal_batch", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            actions.gather(run_id=run.pk)
    parts = {path: path.read_bytes() for path in queries.parts(actor=HAND, batch_id=run.batch_id)}
    with room_for(30_000), pytest.raises(NoRoom):
        actions.gather(run_id=run.pk)
    assert queries.count(actor=HAND, dataset_id=job.dataset_id) == 0
    assert {path: path.read_bytes() for path in parts} == parts, "the batch is as it was landed"
    assert left_over(tmp_path / "lake" / "rows") == [], "nothing half fills the disk further"
    done = actions.gather(run_id=run.pk)
    assert (done.state, done.counts["inserted"]) == (Run.State.DONE, ROWS)
    assert queries.count(actor=HAND, dataset_id=job.dataset_id) == ROWS


def test_no_room_for_a_copy_is_not_the_fault_of_the_source(shelf: Shelf) -> None:
    shelf.put("people.csv", "id,xm\n" + "".join(f"{number},示例{number}\n" for number in range(20_000)))
    shelf.put(
        "old.csv", ("id,xm\n" + "".join(f"{number},示例{number}\n" for number in range(20_000))).encode("gb18030")
    )
    for name in ("people.csv", "old.csv") if shelf.kind != "files" else ("old.csv",):
        with reader(shelf.kind, shelf.place, shelf.secret) as source:
            assert source.columns(name)
        with room_for(30_000), pytest.raises(NoRoom), reader(shelf.kind, shelf.place, shelf.secret) as source:
            source.columns(name)
