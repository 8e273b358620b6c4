"""The drill: the newest backup comes back into a second cluster, and is held against the house that runs."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tongban.config.launch import cluster
from tongban.config.launch.faults import LaunchError

from . import archiving, place
from .comparing import differences, files_of, mark, rows_of
from .programs import connect
from .restoring import restore
from .store import now, stamp


@dataclass(frozen=True)
class Drilled:
    """How it went. `behind_s`: how long the last write took to reach the backup, what a lost machine would have cost."""

    backup: str
    at: str
    tables: int
    rows: int
    files: int
    behind_s: float
    restore_s: float
    differing: list[str]


def drill() -> Drilled:
    """One drill, leaving nothing behind. The running house goes on; its writers wait for milliseconds, once."""
    store, url, roots = place.store(), place.database_url(), place.roots()
    archiving.ready(store, url)
    began = now()
    point = f"drill-{stamp(began)}"
    was = mark(url, point, roots)
    marked = time.monotonic()
    archiving.bring_up_to_now(store, url)
    behind = time.monotonic() - marked
    second = cluster.home() / f"drill-{os.getpid()}"
    try:
        with place.house_in(second):
            restoring = time.monotonic()
            backup = restore(store, point=point).backup
            took = time.monotonic() - restoring
            with connect(cluster.url()) as server:
                found = differences(was, rows_of(server), files_of(place.roots()))
    finally:
        _clear(second)
    counted = sum(row[0] for row in was.rows.values())
    return Drilled(
        backup.name, began.isoformat(), len(was.rows), counted, len(was.files), round(behind, 1), round(took, 1), found
    )


def _clear(second: Path) -> None:
    with place.house_in(second):
        with suppress(LaunchError):
            cluster.stop()
        shutil.rmtree(cluster.data_folder(), ignore_errors=True)
        shutil.rmtree(cluster.socket_folder(), ignore_errors=True)
    shutil.rmtree(second, ignore_errors=True)
