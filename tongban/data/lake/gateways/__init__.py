"""The lake itself: DuckDB with DuckLake, its catalogue in PostgreSQL beside our tables, its rows in Parquet files in a folder."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import file_digest
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

import duckdb
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from tongban.data.lake.errors import BatchBroken, LakeAway, NoRoom
from tongban.data.lake.rules import Part, Pass, judged, raw, with_columns
from tongban.foundation.kernel.durable import is_full
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.quoting import literal

CONNECTION = (
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "target_session_attrs",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
)
SEALED = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}  # nothing is fetched
WRITTEN = {"parquet_compression": "zstd", "parquet_compression_level": "1"}  # `rules.PARQUET` in DuckLake's words
# What DuckDB says when a batch does not fit its pass, and what it says when a part of the house is away.
MISFIT = (duckdb.BinderException, duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException)
AWAY = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException)


class Lake:
    """An open lake. One thread, one use; what is done in `together` is done as a whole or not at all."""

    def __init__(self, duck: duckdb.DuckDBPyConnection) -> None:
        self._duck = duck

    def run(self, *statements: str) -> None:
        for statement in statements:
            self._duck.execute(statement)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        found = self._duck.execute(statement, list(values))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def one(self, statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        return self._duck.execute(statement, list(values)).fetchone() or ()

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction of the lake, and so one version of it."""
        self._duck.execute("begin")
        try:
            yield
        except BaseException:
            self._duck.execute("rollback")
            raise
        self._duck.execute("commit")

    @contextmanager
    def changing(self, key: str) -> Iterator[None]:
        """`together`, for whoever is alone with a dataset and changes it: what goes wrong leaves no file behind."""
        try:
            with self.together():
                yield
        except Exception:  # whatever it was is told on; files of a change that did not come to be must not stay
            self.clear(key)
            raise

    def clear(self, key: str) -> None:
        """Away with files of a dataset that no version of the lake knows: what was written before something went wrong.

        Only for whoever is alone with the dataset.
        """
        with suppress(duckdb.Error):  # what went wrong may still be: it is told, and the files wait
            unknown = "from ducklake_delete_orphaned_files('lake', dry_run => true, cleanup_all => true)"
            for (path,) in self._duck.execute(f"select path {unknown}").fetchall():
                if Path(path).parent.name == key:
                    Path(path).unlink(missing_ok=True)

    def sign(self, batch_id: UUID, counts: Mapping[str, int]) -> None:
        """Write into the version being made which batch made it: after a crash it is known to be in (`version_of`)."""
        message = [json.dumps(dict(counts)), str(batch_id)]
        self._duck.execute("call ducklake_set_commit_message('lake', 'tongban', $1, extra_info => $2)", message)

    def version_of(self, batch_id: UUID) -> tuple[int, dict[str, int]] | None:
        """The version a batch made, and its counts; None: it is not in."""
        found = self.one(
            "select snapshot_id, commit_message from ducklake_snapshots('lake') where commit_extra_info = ? order by 1 desc",
            [str(batch_id)],
        )
        return (found[0], json.loads(found[1])) if found else None

    def version(self) -> int:
        """The newest version there is."""
        return int(self.one("select max(snapshot_id) from ducklake_snapshots('lake')")[0])


class Engine:
    """DuckDB with the extensions that came as wheels, kept by a process from its first use on: loading them takes half a second.

    Nothing is fetched, nothing is kept in anybody's home. `attached` is the lake it is tied to now.
    """

    def __init__(self) -> None:
        self.duck: duckdb.DuckDBPyConnection | None = None
        self.attached = ""
        self._lock = Lock()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own: its transactions and temporary tables are nobody else's."""
        terms = f"data_path {literal(str(_folder('rows')))}, metadata_schema {literal(settings.LAKE_SCHEMA)}"
        wanted = f"attach {literal('ducklake:postgres:' + catalogue())} as lake ({terms})"
        with self._lock:
            self.duck = self.duck or _started()
            if self.attached != wanted:
                self.duck.execute("detach database if exists lake")
                self.attached = ""
                self.duck.execute(wanted)
                _as_we_write(self.duck)
                self.attached = wanted
            return self.duck.cursor()

    def stop(self) -> None:
        """Let go of the lake and its catalogue; the next use begins anew."""
        with self._lock:
            if self.duck is not None and self.attached:
                with suppress(duckdb.Error):  # another thread is in the middle of it: it will find out for itself
                    self.duck.execute("detach database if exists lake")
            self.attached = ""


engine = Engine()


@contextmanager
def open_lake() -> Iterator[Lake]:
    """The lake, made when it is not there.

    Raises `LakeAway` when a part of it does not answer, `NoRoom` on its disk, `BatchBroken` when values do not fit.
    """
    with refusals(), engine.cursor() as duck:
        yield Lake(duck)


@contextmanager
def refusals() -> Iterator[None]:
    """What the engine says of a batch or of itself, as the lake's own refusals."""
    try:
        yield
    except MISFIT as fault:
        raise BatchBroken(said=_plain(fault)) from None
    except AWAY as fault:
        if is_full(fault):
            raise NoRoom from None
        engine.stop()  # what was lost is not asked again, but reached anew
        raise LakeAway(
            said=type(fault).__name__
        ) from None  # its text may hold the way to the catalogue, password and all


def _started() -> duckdb.DuckDBPyConnection:
    duck = duckdb.connect(
        config={
            "memory_limit": settings.LAKE_MEMORY,
            "threads": settings.LAKE_THREADS,
            "temp_directory": str(_folder("spill")),
            **SEALED,
        }
    )
    duck.execute("set global TimeZone = 'UTC'")
    for name in ("postgres_scanner", "ducklake"):
        load(duck, name)
    return duck


def _as_we_write(duck: duckdb.DuckDBPyConnection) -> None:
    """The lake's own files are written as ours are; it remembers that in its catalogue."""
    known = dict(
        duck.execute("select option_name, value from ducklake_options('lake') where scope = 'GLOBAL'").fetchall()
    )
    for name, value in WRITTEN.items():
        if known.get(name) != value:
            duck.execute("call ducklake_set_option('lake', $1, $2)", [name, value])


def load(duck: duckdb.DuckDBPyConnection, name: str) -> None:
    """An extension out of its wheel."""
    wheel = Path(str(files(importlib.import_module(f"duckdb_extension_{name}"))))
    duck.execute(f"load {literal(str(wheel / 'extensions' / f'v{duckdb.__version__}' / f'{name}.duckdb_extension'))}")


def bench(*extensions: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB of one's own with these extensions and little memory, which knows nothing of the lake: to read sources with."""
    duck = duckdb.connect(
        config={**SEALED, "threads": 1, "memory_limit": "1GB", "temp_directory": str(_folder("spill"))}
    )
    duck.execute("set global TimeZone = 'UTC'")
    for name in extensions:
        load(duck, name)
    return duck


@contextmanager
def worked_out(work: Pass, keys: Sequence[str], parts: Sequence[Part], lacking: Sequence[str] = ()) -> Iterator[str]:
    """The rows of a batch, finished, as `rules.judged` has them: what selects them, good until the end of the block.

    DuckDB is given the statement itself, Spark, where that is chosen, has done it already. `lacking`: columns that are read now
    and were not when the batch came.
    """
    if settings.LAKE_ENGINE == "duckdb":
        yield judged(work, keys, with_columns(raw(parts), lacking))
        return
    if settings.LAKE_ENGINE != "spark":
        raise LakeAway(said=f"TONGBAN_LAKE_ENGINE is {settings.LAKE_ENGINE}: neither duckdb nor spark")
    spark = importlib.import_module(".spark", __package__)  # nobody else needs Java
    with spark.worked_out(work, keys, parts, lacking, _folder("spark") / uuid7().hex) as rows:
        yield rows


def catalogue() -> str:
    """How the catalogue is reached: our own database, password and all."""
    known = connection.get_connection_params()
    return make_conninfo(**{name: known[name] for name in CONNECTION if known.get(name)})


def _plain(fault: duckdb.Error) -> str:
    """Its first line: the rest repeats the statement, and the rows' values with it."""
    return str(fault).split("\n", 1)[0].split(":", 1)[0]


def _folder(name: str) -> Path:
    folder = Path(settings.LAKE_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def raw_folder(key: str, number: int) -> Path:
    """Where the parts of a batch lie, as they came, for any engine to read."""
    return _folder(f"raw/{key}/{number:08d}")


def laid_file(key: str) -> Path:
    """A new place among the files of a dataset, where its rows are laid that may become its content (`Lake.clear` finds it otherwise)."""
    return _folder(f"rows/main/{key}") / f"laid-{uuid4().hex}.parquet"


def quarantine_file(key: str, number: int) -> Path:
    """The bad rows of a batch, each with the codes of what is wrong with it."""
    return _folder(f"quarantine/{key}") / f"{number:08d}.parquet"


def aside_file(key: str, number: int, mark: str) -> Path:
    """Rows taken out of the view after batch `number`; `mark` tells one time from another."""
    return _folder(f"quarantine/{key}") / f"aside-{number:08d}-{mark}.parquet"


def aside_files(key: str) -> list[tuple[Path, int, bool]]:
    """Every file of rows put aside: path, number of its batch, whether they were taken out of the view."""
    found = sorted(_folder(f"quarantine/{key}").glob("*.parquet"))
    taken = [(path, path.name.startswith("aside-")) for path in found]
    return [(path, int(path.name.removeprefix("aside-")[:8]), out) for path, out in taken]


def facts_of(path: Path) -> dict[str, Any]:
    """What a part is known by: rows, whether they are numbered in it, bytes, SHA-256."""
    with duckdb.connect() as duck:
        rows = duck.execute("select num_rows from parquet_file_metadata(?)", [str(path)]).fetchone()
        numbered = duck.execute("from parquet_schema(?) where name = '_row'", [str(path)]).fetchone() is not None
    return {
        "name": path.name,
        "rows": rows[0] if rows else 0,
        "numbered": numbered,
        "bytes": path.stat().st_size,
        "sha256": _digest(path),
    }


def is_as_landed(path: Path, part: Mapping[str, Any]) -> bool:
    """Whether a part is still what `facts_of` said of it."""
    return path.exists() and path.stat().st_size == part["bytes"] and _digest(path) == part["sha256"]


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
