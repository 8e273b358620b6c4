"""The SQL of the lake's few movements, as text."""

from __future__ import annotations

from collections.abc import Sequence

from tongban.foundation.kernel.quoting import literal, quoted

from .shapes import table


def raw(paths: Sequence[str]) -> str:
    """The rows of a batch's parts, in the order they came."""
    return f"read_parquet([{', '.join(literal(path) for path in paths)}], union_by_name = true)"


def _same_key(keys: Sequence[str]) -> str:
    return " and ".join(f"old.{quoted(name)} = new.{quoted(name)}" for name in keys)


def compare(key: str, columns: Sequence[str], keys: Sequence[str], *, whole: bool) -> list[str]:
    """What a batch changes, as temp table `change` (`_act` is insert, update or delete). `whole`: what it lacks is gone."""
    values = [name for name in columns if name not in keys]
    differs = " or ".join(f"old.{quoted(name)} is distinct from new.{quoted(name)}" for name in values) or "false"
    names = ", ".join(f"new.{quoted(name)}" for name in columns)
    found = (
        f"create or replace temp table change as select {names}, new._row, "
        f"case when old._batch is null then 'insert' else 'update' end as _act "
        f"from good as new left join {table(key)} as old on {_same_key(keys)} where old._batch is null or {differs}"
    )
    if not whole:
        return [found]
    olds = ", ".join(f"old.{quoted(name)}" for name in columns)
    gone = (
        f"insert into change select {olds}, null, 'delete' from {table(key)} as old "
        f"anti join staged as new on {_same_key(keys)}"  # one whose row is bad is still there
    )
    return [found, gone]


def apply_changes(key: str, columns: Sequence[str], keys: Sequence[str], batch: int) -> list[str]:
    """`change` into the dataset's table: what was is taken out, what is now is put in."""
    names = ", ".join(quoted(name) for name in columns)
    out = f"delete from {table(key)} as old using (select * from change where _act <> 'insert') as new where {_same_key(keys)}"
    into = (
        f"insert into {table(key)} ({names}, _batch, _row) "
        f"select {names}, {int(batch)}, _row from change where _act <> 'delete'"
    )
    return [out, into]


def counts() -> str:
    """One row: inserted, updated, deleted, bad, good, staged."""
    return (
        "select count(*) filter (_act = 'insert'), count(*) filter (_act = 'update'), count(*) filter (_act = 'delete'), "
        "(select count(*) from staged where len(_faults) > 0), (select count(*) from good), (select count(*) from staged) "
        "from change"
    )


def rewind(key: str, version: int | None) -> list[str]:
    """A dataset as it was at a version; None: before there was one."""
    if version is None:
        return [f"delete from {table(key)}"]
    return [
        f"create or replace temp table earlier as select * from {table(key)} at (version => {int(version)})",
        f"delete from {table(key)}",
        f"insert into {table(key)} select * from earlier",
        "drop table earlier",
    ]


def put_aside(path: str) -> str:
    """The bad rows of `staged` into a file of their own."""
    return f"copy (select * from staged where len(_faults) > 0 order by _row) to {literal(path)} (format parquet)"


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
