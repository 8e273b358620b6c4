"""Whole tables of divisions and addresses in a few statements each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection

from tongban.data.places.rules import Candidate

AT_ONCE = 20_000
BROUGHT = """
drop table if exists pg_temp.brought;
create temp table brought (code varchar(12) primary key, name varchar(200), parent varchar(12), level smallint) on commit drop
"""
ENDED = """
update places_divisionspan d set valid_to = %(day)s, end_known_at = %(at)s where d.valid_to is null
  and not exists (select from brought b where b.code = d.code and b.name = d.name and b.parent = d.parent)
"""
ADDED = """
with part as (select * from brought where code >= %(from)s and code < %(to)s)
insert into places_divisionspan (code, name, level, parent, children, valid_from, known_at, version)
select b.code, b.name, b.level, b.parent, coalesce(c.n, 0), %(day)s, %(at)s, %(version)s
from part b left join (select parent, count(*) as n from part group by parent) c on c.parent = b.code
where not exists (select from places_divisionspan d where d.code = b.code and d.valid_to is null)
"""
COUNTED = """
update places_divisionspan d set children = coalesce(c.n, 0)
from brought b left join (select parent, count(*) as n from brought group by parent) c on c.parent = b.code
where d.code = b.code and d.valid_to is null and d.children <> coalesce(c.n, 0)
"""
# Where the points of a field are, but near enough its middle that no two fields' marks cover one another.
GROUPS = """
with cells as (
  select count(*) as n, avg(lon) as lon, avg(lat) as lat, min(code) as code, min(text) as text,
    (floor(lon / %(cell)s) + 0.5) * %(cell)s as x, (floor(lat / %(cell)s) + 0.5) * %(cell)s as y
  from places_address where point(lon, lat) <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s)) and state = 'in_use'
  group by x, y order by 1 desc limit 1000
) select n, case when n = 1 then lon else least(greatest(lon, x - %(cell)s / 8), x + %(cell)s / 8) end,
  case when n = 1 then lat else least(greatest(lat, y - %(cell)s / 8), y + %(cell)s / 8) end, code, text from cells
"""
POINTS = """
select code, text, lon, lat from places_address
where point(lon, lat) <@ box(point(%s, %s), point(%s, %s)) and state = 'in_use' order by code limit %s
"""
CANDIDATES = """
with asked as (
  select * from unnest(%(at)s::int[], %(road)s::text[], %(number)s::text[], %(estate)s::text[]) as t(at, road, number, estate)
), found as (
  select q.at, a.* from asked q join places_address a on a.road = q.road and a.number = q.number where q.road <> ''
  union select q.at, a.* from asked q join places_address a on a.former = q.road and a.number = q.number where a.former <> ''
  union select q.at, a.* from asked q join places_address a on a.estate = q.estate and q.number in ('', a.number) where a.estate <> ''
) select at, code, division, road, number, estate, building, unit, room, text, former from found where state = 'in_use'
"""
ROADS = """
with recursive walked as (
  (select road from places_address where road <> '' order by road limit 1)
  union all
  select (select a.road from places_address a where a.road > w.road order by a.road limit 1) from walked w where w.road is not null
) select road from walked where road is not null
union select distinct former from places_address where former <> ''
"""


def alone() -> None:
    """Until the transaction ends, nobody else changes divisions or boundaries: of two at once the second sees what the first did."""
    _asked("select pg_advisory_xact_lock(hashtext('places'))", [])


def take_in(
    rows: Iterable[tuple[str, str, str, int]], *, day: date, at: datetime, version: int, tell: Callable[..., None]
) -> dict[str, int]:
    """All divisions (code, name, parent, level) of a version: what is new opens on its day, what is gone or renamed ends on it.

    `tell` is told each step and how many divisions of it are done.
    """
    values: dict[str, Any] = {"day": day, "at": at, "version": version}
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT)
        waiting, read = iter(rows), 0
        while part := list(islice(waiting, AT_ONCE)):  # read first: rows may come over this very connection
            with cursor.copy("copy brought (code, name, parent, level) from stdin") as copy:
                for row in part:
                    copy.write_row(row)
            read += len(part)
            tell(step="reading", rows=read)
        cursor.execute("analyze brought")
        tell(step="comparing", rows=0)
        cursor.execute(ENDED, values)
        ended = cursor.rowcount
        cursor.execute("select left(code, 2), count(*) from brought group by 1 order by 1")
        added = done = 0
        for province, many in cursor.fetchall():
            tell(step="writing", rows=done)
            cursor.execute(ADDED, values | {"from": province, "to": f"{province}a"})
            added += cursor.rowcount
            done += many
        tell(step="counting", rows=done)
        cursor.execute("analyze places_divisionspan")
        cursor.execute(COUNTED)
        return {"divisions": read, "ended": ended, "added": added}


def groups_in(box: Sequence[float], cell: float) -> list[tuple[Any, ...]]:
    """(how many, longitude, latitude, one's code, one's text) of each field of the grid."""
    return _asked(GROUPS, dict(zip(("west", "south", "east", "north"), box, strict=True)) | {"cell": cell})


def points_in(box: Sequence[float], most: int) -> list[tuple[Any, ...]]:
    """(code, text, longitude, latitude)."""
    return _asked(POINTS, [*box, most])


def candidates_for(asked: Sequence[tuple[int, str, str, str]]) -> dict[int, list[Candidate]]:
    """Addresses in use by (which text, road, number, estate), in one query; a text may ask several times. Text → what may be meant."""
    found: dict[int, list[Candidate]] = {}
    columns = {name: [one[place] for one in asked] for place, name in enumerate(("at", "road", "number", "estate"))}
    for at, *row in _asked(CANDIDATES, columns):
        found.setdefault(at, []).append(Candidate(*row))
    return found


def roads_known() -> frozenset[str]:
    """Every road once, by its name and by its former one: the index is jumped from one to the next."""
    return frozenset(row[0] for row in _asked(ROADS, []))


def _asked(statement: str, values: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def put_addresses(rows: Sequence[Any]) -> int:
    """Addresses as they stand now, in place of what was said of them."""
    if not rows:
        return 0
    model = type(rows[0])
    names = [field.name for field in model._meta.fields if not field.primary_key]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=names, batch_size=2_000
    )
    return len(rows)
