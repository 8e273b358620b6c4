"""Whole tables of divisions and addresses in a few statements each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
insert into places_divisionspan (code, name, level, parent, valid_from, known_at, version)
select b.code, b.name, b.level, b.parent, %(day)s, %(at)s, %(version)s from brought b
where not exists (select from places_divisionspan d where d.code = b.code and d.valid_to is null)
"""
COUNTED = """
update places_divisionspan d set children = coalesce(c.n, 0)
from brought b left join (select parent, count(*) as n from brought group by parent) c on c.parent = b.code
where d.code = b.code and d.valid_to is null and d.children <> coalesce(c.n, 0)
"""
GROUPS = """
select count(*), avg(lon), avg(lat), min(code), min(text) from places_address
where point(lon, lat) <@ box(point(%s, %s), point(%s, %s)) and state = 'in_use'
group by floor(lon / %s), floor(lat / %s) order by 1 desc limit 1000
"""
POINTS = """
select code, text, lon, lat from places_address
where point(lon, lat) <@ box(point(%s, %s), point(%s, %s)) and state = 'in_use' order by code limit %s
"""
CANDIDATES = """
select code, division, road, number, estate, building, unit, room, text from places_address
where state = 'in_use' and number = %s and (road = any(%s) or (road = '' and estate = %s and estate <> ''))
order by code limit %s
"""
ROADS = """
with recursive walked as (
  (select road from places_address where road <> '' order by road limit 1)
  union all
  select (select a.road from places_address a where a.road > w.road order by a.road limit 1) from walked w where w.road is not null
) select road from walked where road is not null
"""


def take_in(rows: Iterable[tuple[str, str, str, int]], *, day: date, at: datetime, version: int) -> dict[str, int]:
    """All divisions (code, name, parent, level) of a version: what is new opens on its day, what is gone or renamed ends on it."""
    values: dict[str, Any] = {"day": day, "at": at, "version": version}
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT)
        waiting = iter(rows)
        while part := list(islice(waiting, AT_ONCE)):  # read first: rows may come over this very connection
            with cursor.copy("copy brought (code, name, parent, level) from stdin") as copy:
                for row in part:
                    copy.write_row(row)
        cursor.execute("analyze brought")
        cursor.execute(ENDED, values)
        ended = cursor.rowcount
        cursor.execute(ADDED, values)
        added = cursor.rowcount
        cursor.execute("analyze places_divisionspan")
        cursor.execute(COUNTED)
        cursor.execute("select count(*) from brought")
        return {"divisions": cursor.fetchone()[0], "ended": ended, "added": added}


def groups_in(box: Sequence[float], cell: float) -> list[tuple[Any, ...]]:
    """(how many, longitude, latitude, one's code, one's text) of each field of the grid."""
    return _asked(GROUPS, [*box, cell, cell])


def points_in(box: Sequence[float], most: int) -> list[tuple[Any, ...]]:
    """(code, text, longitude, latitude)."""
    return _asked(POINTS, [*box, most])


def candidates_for(number: str, roads: Sequence[str], estate: str, most: int = 400) -> list[Candidate]:
    return [Candidate(*row) for row in _asked(CANDIDATES, [number, list(roads), estate, most])]


def roads_like() -> list[str]:
    """Every road once: the index is jumped from one to the next."""
    return [row[0] for row in _asked(ROADS, [])]


def _asked(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
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
