"""The folder backups lie in: sealed streams by name, each there whole or not at all.

house            which database this folder belongs to
bases/<moment>/  database, tree, and `backup`, which is written last: without it the backup does not count
wal/             the log, segment by segment; the one being written as `.partial`
pool/            files and keys, each version once, under names that tell nothing
trees/<moment>   what changed among files and keys since the moment before
"""

from __future__ import annotations

import errno
import fcntl
import json
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tongban.foundation.kernel.durable import whole_file

from . import faults
from .sealing import Key, open_, seal

ENDING = ".sealed"
MOMENT = "%Y%m%dT%H%M%S.%fZ"


def now() -> datetime:
    """This moment; these commands have no house to ask."""
    return datetime.fromtimestamp(time.time(), UTC)


def stamp(moment: datetime) -> str:
    """A moment as a name; names sort as the moments do."""
    return moment.astimezone(UTC).strftime(MOMENT)


def moment_of(name: str) -> datetime:
    return datetime.strptime(name, MOMENT).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Backup:
    """One whole backup: what it is of, from where to where its log reaches, and what it weighs."""

    name: str
    ended: str
    server: int  # PostgreSQL's major version
    system: str
    segment_bytes: int
    timeline: int
    start: str  # log positions
    end: str
    superuser: str
    plain_bytes: int
    files: int
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def ended_at(self) -> datetime:
        return datetime.fromisoformat(self.ended)


class Store:
    def __init__(self, folder: Path, key: Key) -> None:
        self.folder, self.key = folder, key

    def path(self, name: str) -> Path:
        return self.folder / (name + ENDING)

    # -- streams -------------------------------------------------------------------------------------------------------

    def put(self, name: str, source: Iterable[bytes]) -> None:
        """Write a stream whole, on the disk for good before it takes its name."""
        try:
            with whole_file(self.path(name)) as part, part.open("wb") as out:
                seal(self.key, name, source, out)
        except OSError as error:
            raise (faults.full(self.folder) if error.errno in (errno.ENOSPC, errno.EDQUOT) else error) from error

    def get(self, name: str) -> Iterator[bytes]:
        try:
            with self.path(name).open("rb") as sealed:
                yield from open_(self.key, name, sealed)
        except FileNotFoundError:
            raise faults.missing(name) from None

    def has(self, name: str) -> bool:
        return self.path(name).exists()

    def names(self, folder: str) -> list[str]:
        """The streams right in a folder, in order, without the folder."""
        return sorted(
            p.name.removesuffix(ENDING) for p in (self.folder / folder).glob(f"*{ENDING}") if p.name[0] != "."
        )

    def remove(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def put_json(self, name: str, value: Any) -> None:
        self.put(name, [json.dumps(value, ensure_ascii=False).encode()])

    def get_json(self, name: str) -> Any:
        return json.loads(b"".join(self.get(name)))

    # -- backups -------------------------------------------------------------------------------------------------------

    def belong_to(self, system: str) -> None:
        """The first backup claims the folder for its database; another database is turned away."""
        if not self.has("house"):
            self.put_json("house", {"system": system})
        elif self.get_json("house")["system"] != system:
            raise faults.another_house(self.folder)

    def finish(self, backup: Backup) -> None:
        self.put_json(f"bases/{backup.name}/backup", asdict(backup))

    def backups(self) -> list[Backup]:
        """Every whole backup, the oldest first."""
        whole = sorted(self.path("bases/x").parent.glob(f"*/backup{ENDING}"))
        return [Backup(**self.get_json(f"bases/{path.parent.name}/backup")) for path in whole]

    def newest(self, *, until: datetime | None = None) -> Backup:
        fitting = [backup for backup in self.backups() if until is None or backup.ended_at <= until]
        if not fitting:
            raise faults.no_backup(until.isoformat() if until else "")
        return fitting[-1]

    def drop(self, name: str) -> None:
        """Its mark goes first, so that a half-removed backup does not count either."""
        self.remove(f"bases/{name}/backup")
        shutil.rmtree(self.folder / "bases" / name, ignore_errors=True)

    def drop_half_made(self) -> None:
        for place in (self.folder / "bases").glob("*"):
            if not (place / f"backup{ENDING}").exists():
                shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One backup at a time into one folder; the lock goes with the process, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "taking.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise faults.busy() from None
            yield
