"""The SQL of the lake's few movements, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongban.foundation.kernel.quoting import literal, quoted

from .shapes import OURS, PARQUET, table


@dataclass(frozen=True)
class Part:
    """A file of a batch: `first` is where its first row stands in the batch; `numbered`: its rows say so themselves, in `_row`."""

    path: str
    first: int = 1
    numbered: bool = True


def raw(parts: Sequence[Part], only: Sequence[int] = ()) -> str:
    """The rows of a batch's parts as they came, with `_row`, where each stands; `only`: those that stand there.

    Rows of a large file are not numbered while they are written, for that would take one thread: their place in the part says it.
    """
    numbered = [part for part in parts if part.numbered]
    ways = [_numbered(numbered, only)] if numbered else []
    ways += [_counted(part, only) for part in parts if not part.numbered]
    return f"({' union all by name '.join(ways)})"


def columns_there(rows: str) -> str:
    """One row a column of them, by `column_name`."""
    return f"describe select * from {rows}"


def with_columns(rows: str, names: Sequence[str]) -> str:
    """Rows, and beside what they have these columns, empty: what was not read from a source then, and is now."""
    lacking = ", ".join(f"null::varchar as {quoted(name)}" for name in names)
    return f"(from {rows} union all by name select {lacking} where false)" if names else rows


def _numbered(parts: Sequence[Part], only: Sequence[int]) -> str:
    paths = ", ".join(literal(part.path) for part in parts)
    return f"from read_parquet([{paths}], union_by_name = true){_where('_row', only)}"


def _counted(part: Part, only: Sequence[int]) -> str:
    return (
        f"select * exclude (file_row_number), file_row_number + {int(part.first)} as _row "
        f"from read_parquet({literal(part.path)}, file_row_number = true)"
        f"{_where('file_row_number', [number - part.first for number in only])}"
    )


def _where(name: str, only: Sequence[int]) -> str:
    return f" where {name} in ({', '.join(str(int(number)) for number in only)})" if only else ""


def _same_key(keys: Sequence[str]) -> str:
    return " and ".join(f"old.{quoted(name)} = new.{quoted(name)}" for name in keys)


def compare(
    key: str, columns: Sequence[str], keys: Sequence[str], *, whole: bool, quarantined: Sequence[str] = ()
) -> list[str]:
    """What a batch changes, as temp table `change` (`_act` is insert, update or delete). `whole`: what it lacks is gone.

    `quarantined`: files of rows that never came in. One that comes well now counts as brought by this batch, also where it says what
    the row before it said: otherwise it would lie aside for good.
    """
    values = [name for name in columns if name not in keys]
    differs = " or ".join(f"old.{quoted(name)} is distinct from new.{quoted(name)}" for name in values) or "false"
    if quarantined:
        said = ", ".join(quoted(name) for name in keys)
        files = ", ".join(literal(path) for path in quarantined)
        mine = ", ".join(f"new.{quoted(name)}" for name in keys)
        differs += f" or ({mine}) in (select ({said}) from read_parquet([{files}], union_by_name = true))"
    names = ", ".join(f"new.{quoted(name)}" for name in columns)
    found = (
        f"create or replace temp table change as select {names}, new._row, old.rowid as _old, "
        f"case when old._batch is null then 'insert' else 'update' end as _act "
        f"from good as new left join {table(key)} as old on {_same_key(keys)} where old._batch is null or {differs}"
    )
    if not whole:
        return [found]
    olds = ", ".join(f"old.{quoted(name)}" for name in columns)
    gone = (
        f"insert into change select {olds}, null, old.rowid, 'delete' from {table(key)} as old "
        f"anti join laid as new on {_same_key(keys)}"  # one whose row is bad is still there
    )
    return [found, gone]


def apply_changes(key: str, columns: Sequence[str], batch: int) -> list[str]:
    """`change` into the dataset's table: what was is taken out, what is now is put in."""
    names = ", ".join(quoted(name) for name in columns)
    out = f"delete from {table(key)} where rowid in (select _old from change where _old is not null)"
    into = (
        f"insert into {table(key)} ({names}, _batch, _row) "
        f"select {names}, {int(batch)}, _row from change where _act <> 'delete'"
    )
    return [out, into]


def adopt(key: str, path: str) -> list[str]:
    """A file of laid rows becomes the content of an empty table as it is, but for what is left out: there is nothing to compare it with."""
    return [
        f"call ducklake_add_data_files('lake', {literal(key)}, {literal(path)}, ignore_extra_columns => true)",
        f"delete from {table(key)} where _row in (from left_out)",
    ]


def is_empty(key: str) -> str:
    """One row: whether a dataset has none."""
    return f"select not exists (from {table(key)})"


def read_counts() -> str:
    """One row: rows read, bad, superseded by a newer one of the same batch."""
    return "select (select count(*) from laid), (select count(*) from bad), (select count(*) from lost)"


def changed_counts() -> str:
    """One row: inserted, updated, deleted."""
    return (
        "select count(*) filter (_act = 'insert'), count(*) filter (_act = 'update'), count(*) filter (_act = 'delete') "
        "from change"
    )


def rewind(key: str, version: int | None, types: Mapping[str, str]) -> list[str]:
    """A dataset as it was at a version; None: before there was one. Its columns (name → type) may have become others meanwhile."""
    if version is None:
        return [f"delete from {table(key)}"]
    then = f"(from {table(key)} at (version => {int(version)}) union all by name from (from {table(key)} limit 0))"
    names = ", ".join([*(quoted(name) for name in types), *OURS])
    values = ", ".join(
        [*(f"try_cast({quoted(name)} as {kind}) as {quoted(name)}" for name, kind in types.items()), *OURS]
    )
    return [
        f"create or replace temp table earlier as select {values} from {then}",
        f"delete from {table(key)}",
        f"insert into {table(key)} ({names}) select {names} from earlier",
        "drop table earlier",
    ]


def put_aside(path: str) -> str:
    """The bad rows into a file of their own."""
    return f"copy (from bad order by _row) to {literal(path)} ({PARQUET})"


def bad_rows(path: str, limit: int) -> str:
    return f"select * from read_parquet({literal(path)}) order by _row limit {int(limit)}"


def faults_counted(path: str, places: int) -> str:
    """One row a code: how many rows have it, and the first few of them."""
    return (
        f"select fault, count(*) as rows, list(_row order by _row)[:{int(places)}] as places "
        f"from (select unnest(_faults) as fault, _row from read_parquet({literal(path)})) group by fault order by rows desc, fault"
    )


def size(key: str) -> str:
    return f"select count(*) from {table(key)}"


def view(key: str, keys: Sequence[str], where: Sequence[str], *, at: str = "", limit: int) -> str:
    """Rows in the order of their key, one `?` for each name in `where`; `at` is a moment by ISO 8601."""
    then = f" at (timestamp => timestamptz {literal(at)})" if at else ""
    conditions = " and ".join(f"{quoted(name)} = ?" for name in where) or "true"
    order = ", ".join(quoted(name) for name in keys)
    return f"select * from {table(key)}{then} where {conditions} order by {order} limit {int(limit)}"
