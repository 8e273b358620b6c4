"""What the checker says of the lake: nothing of a sound one, and of each planted fault what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings
from django.db import connection

from tests.torture.checker.lake import gathered
from tests.torture.handed import FILES, file_of
from tests.torture.ledger import ACKNOWLEDGED, Request
from tongban.data.gathering.models import Job, Run
from tongban.data.gathering.tests.factories import fetch, make_job, make_source
from tongban.data.lake.gateways import facts_of, open_lake
from tongban.data.lake.models import Batch
from tongban.data.lake.tests.factories import own_lake
from tongban.foundation.organisations.tests.factories import make_department

pytestmark = pytest.mark.django_db
COLUMNS: list[dict[str, Any]] = [{"name": name, "source": name, "kind": "integer"} for name in ("id", "version")]


@dataclass
class Lake:
    """Two versions of a file, gathered one after the other, and the ledger that goes with it."""

    folder: Path
    requests: list[Request]

    def faults(self, *more: Request) -> list[str]:
        found = gathered(connection.connection, [*self.requests, *more], self.folder, settings.LAKE_SCHEMA)
        return [what for _about, what in found]

    @property
    def part(self) -> Path:
        return self.folder / "raw" / FILES / "00000002" / "part-000001.parquet"


@pytest.fixture
def sound(tmp_path: Path, settings: Any) -> Iterator[Lake]:
    settings.GATHERING_ROOT = str(tmp_path / "inbox")
    with own_lake(tmp_path / "lake"):
        office = make_department()
        file = tmp_path / "inbox" / office.code / "files" / "people.csv"
        file.parent.mkdir(parents=True)
        file.write_bytes(file_of(0))
        source = make_source("files", {"folder": "files"}, department_id=office.pk)
        job = make_job(source, "people.csv", key=FILES, columns=COLUMNS, keys=["id"])
        requests = [_told(fetch(job))]
        file.write_bytes(file_of(7))
        requests += [Request(2, "s", "a", "hand_in", mark="7", outcome=ACKNOWLEDGED), _told(fetch(job))]
        yield Lake(tmp_path / "lake", requests)


def _told(run: Run) -> Request:
    where = {"location": f"/console/gathering/runs/{run.pk}/"}
    return Request(1, "s", "a", "gather", outcome=ACKNOWLEDGED, told=where)


def test_a_sound_lake_has_no_faults(sound: Lake) -> None:
    assert Job.objects.get().runs.count() == 2
    assert sound.faults() == []


def test_runs_that_were_told_otherwise_are_named(sound: Lake) -> None:
    nowhere = Request(9, "s", "a", "gather", outcome=ACKNOWLEDGED, told={"location": "/console/gathering/runs/none/"})
    assert sound.faults(nowhere) == ["acknowledged, and does not exist"]
    assert sound.faults(sound.requests[0]) == ["was begun 2 times"]


def test_a_run_that_hangs_is_named(sound: Lake) -> None:
    Run.objects.filter(pk=Run.objects.latest("began_at").pk).update(state=Run.State.RUNNING)
    assert sound.faults() == ["neither done nor stopped", "running, and its batch is merged"]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("from batch union all from batch where id = '1'", "460 rows, 459 different ones, at 460 places, of 459"),
        ("from batch where id <> '1'", "458 rows, 458 different ones, at 458 places, of 459"),
        ("select * replace (3 as version) from batch", "brought versions [3]"),
    ],
    ids=["doubled", "lost", "never handed in"],
)
def test_rows_lost_or_doubled_are_named(sound: Lake, rows: str, fault: str) -> None:
    with duckdb.connect() as duck:
        duck.execute(f"create table batch as from read_parquet('{sound.part}')")
        duck.execute(f"copy ({rows}) to '{sound.part}' (format parquet)")
    assert sound.faults() == ["part-000001.parquet is not what was landed"]
    batch = Batch.objects.get(number=2)
    batch.parts = [batch.parts[0] | facts_of(sound.part)]
    batch.save()
    assert fault in sound.faults()


def test_a_view_that_is_not_what_the_last_batch_brought_is_named(sound: Lake) -> None:
    with open_lake() as lake:
        lake.run(f"delete from lake.{FILES} where id = 1")
    assert sound.faults() == ["1 rows of the view are not those of batch 2"]


def test_a_part_that_is_gone_is_named(sound: Lake) -> None:
    sound.part.unlink()
    assert sound.faults() == ["part-000001.parquet is not what was landed"]
