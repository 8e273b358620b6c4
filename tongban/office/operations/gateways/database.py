"""What the database says of itself. A role that is not `pg_monitor` sees less; what it may not see is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

SLOT = "tongban_backup"  # the backup's place in the log (config/recovery)
LONG_S = 1  # a statement that runs so long by now is shown
SHOWN = 8

STATE = """
select clock_timestamp(), current_setting('server_version'), pg_database_size(current_database()),
  (select count(*) from pg_stat_activity where backend_type = 'client backend'),
  current_setting('max_connections')::int,
  (select coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0)::float from pg_stat_activity
   where backend_type = 'client backend' and pid <> pg_backend_pid()),
  (select count(*) from pg_stat_activity where wait_event_type = 'Lock'),
  (select age(datfrozenxid) from pg_database where datname = current_database()),
  (select coalesce(sum(n_tup_ins), 0)::bigint from pg_stat_user_tables
   where relname = 'audit_fact' or relname like 'audit\\_fact\\_%'),
  pg_is_in_recovery()
"""
STANDBYS = """
select application_name, coalesce(state, ''), coalesce(sync_state, ''),
  coalesce(extract(epoch from replay_lag), 0)::float, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::bigint
from pg_stat_replication where application_name <> 'pg_receivewal' order by 1
"""
ARCHIVE = """
select active, coalesce(wal_status, ''), coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint
from pg_replication_slots where slot_name = %s
"""
HAS_STATISTICS = "select to_regclass('pg_stat_statements') is not null"
SLOWEST = """
select query, calls, total_exec_time / 1000, mean_exec_time, max_exec_time
from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
order by total_exec_time desc limit %s
"""
RUNNING = """
select query, extract(epoch from clock_timestamp() - query_start)::float, coalesce(wait_event_type || ': ' || wait_event, '')
from pg_stat_activity
where state = 'active' and pid <> pg_backend_pid() and backend_type = 'client backend'
  and query_start < clock_timestamp() - make_interval(secs => %s)
order by query_start limit %s
"""
TABLES = """
select relname, pg_total_relation_size(relid), n_live_tup, n_dead_tup, greatest(last_vacuum, last_autovacuum)
from pg_stat_user_tables order by n_dead_tup desc, 2 desc limit %s
"""
CONSTANTS = re.compile(r"'(?:[^']|'')*'|(?<![\w$])\d+(?:\.\d+)?\b")


@dataclass(frozen=True)
class State:
    at: datetime
    version: str
    size: int
    connections: int
    most_connections: int
    longest_transaction_s: float
    waiting_for_locks: int
    oldest_xid: int
    facts: int  # rows written since the server's statistics began
    is_standby: bool


@dataclass(frozen=True)
class Standby:
    name: str
    state: str
    sync: str
    behind_s: float
    behind_bytes: int


@dataclass(frozen=True)
class Archive:
    """The place in the log up to which the backup has it."""

    active: bool
    status: str
    behind_bytes: int


@dataclass(frozen=True)
class Statement:
    """One kind of statement, without its constants."""

    text: str
    calls: int
    total_s: float
    mean_ms: float
    longest_ms: float


@dataclass(frozen=True)
class Running:
    text: str
    seconds: float
    waits_for: str


@dataclass(frozen=True)
class Table:
    name: str
    size: int
    live: int
    dead: int
    vacuumed_at: datetime | None


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())


def without_constants(text: str) -> str:
    """A statement as it was sent, with a question mark for every constant: they may be anybody's."""
    return " ".join(CONSTANTS.sub("?", text).split())


def state() -> State:
    return State(*_rows(STATE)[0])


def standbys() -> list[Standby]:
    return [Standby(*row) for row in _rows(STANDBYS)]


def archive() -> Archive | None:
    found = _rows(ARCHIVE, SLOT)
    return Archive(*found[0]) if found else None


def slowest() -> list[Statement] | None:
    """What took most of the server's time since its statistics began; None where it keeps none (`pg_stat_statements`)."""
    if not _rows(HAS_STATISTICS)[0][0]:
        return None
    return [Statement(without_constants(row[0]), *row[1:]) for row in _rows(SLOWEST, SHOWN)]


def running() -> list[Running]:
    return [Running(without_constants(row[0]), *row[1:]) for row in _rows(RUNNING, LONG_S, SHOWN)]


def tables() -> list[Table]:
    """Those with most rows that wait for vacuum."""
    return [Table(*row) for row in _rows(TABLES, SHOWN)]


def clock() -> datetime:
    return _rows("select clock_timestamp()")[0][0]
