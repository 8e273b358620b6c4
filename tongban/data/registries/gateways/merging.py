"""From DuckDB to PostgreSQL: documents are read from the lake, closed, copied into a staging table and merged by one statement each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.foundation.kernel.ids import uuid7

STAGED = """
create temp table staged (
  id uuid, key_index varchar(64), name_index varchar(32), parts integer[], "values" text, origins text, digest varchar(32)
) on commit drop;
create temp table differing (
  id uuid, key_index varchar(64), element varchar(50), digest varchar(32), datasets jsonb, state varchar(8)
) on commit drop
"""
# Whose record changes: kept as it was, with the moment until which it was known.
KEPT = """
insert into registries_earlier (id, record_id, "values", origins, known_at, until_at, state)
select gen_random_uuid(), r.id, r."values", r.origins, r.known_at, %(at)s, r.state
from staged s join registries_record r on r.register = %(register)s and r.key_index = s.key_index
where (s.digest <> '' and r.digest <> s.digest) or (s.digest = '' and r.state = 'held') or (s.digest <> '' and r.state = 'gone')
"""
CHANGED = """
update registries_record r set "values" = s."values", origins = s.origins, digest = s.digest, name_index = s.name_index, parts = s.parts,
  state = 'held', known_at = %(at)s, build_id = %(build)s
from staged s where r.register = %(register)s and r.key_index = s.key_index and s.digest <> ''
  and (r.digest <> s.digest or r.state = 'gone')
"""
# What says the same as before may be found by something else since the rules changed.
INDEXED = """
update registries_record r set name_index = s.name_index, parts = s.parts
from staged s where r.register = %(register)s and r.key_index = s.key_index and s.digest <> '' and s.digest = r.digest
  and (r.name_index, r.parts) is distinct from (s.name_index, s.parts)
"""
GONE = """
update registries_record r set state = 'gone', known_at = %(at)s, build_id = %(build)s
from staged s where r.register = %(register)s and r.key_index = s.key_index and s.digest = '' and r.state = 'held'
"""
ADDED = """
insert into registries_record (id, register, key_index, name_index, parts, "values", origins, digest, state, known_at, build_id)
select s.id, %(register)s, s.key_index, s.name_index, s.parts, s."values", s.origins, s.digest, 'held', %(at)s, %(build)s
from staged s where s.digest <> '' on conflict (register, key_index) do nothing
"""
AGREED = """
update registries_conflict c set state = 'gone' from staged s join registries_record r
  on r.register = %(register)s and r.key_index = s.key_index
where c.record_id = r.id and c.state <> 'gone'
  and not exists (select from differing d where d.key_index = s.key_index and d.element = c.element)
"""
DIFFERING = """
insert into registries_conflict (id, register, record_id, element, digest, datasets, state, found_at, chosen, reason)
select d.id, %(register)s, r.id, d.element, d.digest, d.datasets, 'open', %(at)s, '', ''
from differing d join registries_record r on r.register = %(register)s and r.key_index = d.key_index
on conflict (record_id, element) do update set digest = excluded.digest, datasets = excluded.datasets,
  state = case when registries_conflict.digest = excluded.digest and registries_conflict.state <> 'gone'
               then registries_conflict.state else 'open' end,
  found_at = case when registries_conflict.digest = excluded.digest and registries_conflict.state <> 'gone'
                  then registries_conflict.found_at else excluded.found_at end
"""


def merge(
    *, register: str, build_id: UUID, at: Any, staged: Iterable[Sequence[Any]], differing: Iterable[Sequence[Any]]
) -> dict[str, int]:
    """Documents into their records, in the caller's transaction: `staged` rows are (key_index, name_index, parts, values,
    origins, digest), closed already, with an empty digest for a key that no source has any more; `differing` are (key_index, element,
    digest, datasets). What came of it."""
    terms: Mapping[str, Any] = {"register": register, "build": build_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(STAGED)
        with cursor.copy(
            'copy staged (id, key_index, name_index, parts, "values", origins, digest) from stdin'
        ) as lines:
            for row in staged:
                lines.write_row((uuid7(), *row))
        with cursor.copy("copy differing (id, key_index, element, digest, datasets) from stdin") as lines:
            for key_index, element, digest, datasets in differing:
                lines.write_row((uuid7(), key_index, element, digest, json.dumps(datasets)))
        told = {}
        for name, statement in (("", KEPT), ("", INDEXED), ("gone", GONE), ("changed", CHANGED), ("added", ADDED)):
            cursor.execute(statement, terms)
            told[name] = cursor.rowcount
        cursor.execute(AGREED, terms)
        cursor.execute(DIFFERING, terms)
        told["conflicts"] = cursor.rowcount
        cursor.execute("drop table staged, differing")
    return {name: count for name, count in told.items() if name}
