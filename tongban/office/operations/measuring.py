"""The state of the house as numbers: what Prometheus is told and what the operators' page judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from .queries import House
from .rules import Measure, measure

HELP = {
    "tongban_up": "The house could be asked",
    "tongban_jobs": "Jobs by queue and state",
    "tongban_jobs_failed": "Jobs that failed and wait for an operator, by queue",
    "tongban_jobs_oldest_seconds": "How long the oldest job waits beyond its hour, by queue",
    "tongban_processes": "Processes alive, by machine and kind",
    "tongban_process_resident_bytes": "Memory of the largest process, by machine and kind",
    "tongban_notices": "SMS and e-mails that have not gone out, by way and state",
    "tongban_notices_oldest_seconds": "Age of the oldest of them, by way",
    "tongban_notices_recently": "SMS and e-mails written in the last hour, by way, gateway and state",
    "tongban_payments_recently": "Attempts to pay in the last hour, by channel and state",
    "tongban_sign_ins_failed_recently": "Sign-ins that failed in the last five minutes",
    "tongban_facts_written": "Facts written since the server's statistics began",
    "tongban_database_size_bytes": "Size of the database",
    "tongban_database_connections": "Connections of clients",
    "tongban_database_connections_ratio": "Connections in use, of those there may be",
    "tongban_database_longest_transaction_seconds": "The longest transaction that runs",
    "tongban_database_waiting_for_locks": "Connections that wait for a lock",
    "tongban_database_oldest_xid": "Transactions since the oldest row was frozen",
    "tongban_standby_behind_seconds": "How far a standby is behind",
    "tongban_standby_behind_bytes": "How much of the log a standby has not replayed",
    "tongban_backup_age_seconds": "Since the last whole backup",
    "tongban_backup_carried_seconds": "Since the log was last carried to the backup",
    "tongban_backup_log_behind_bytes": "Log the server keeps because the backup does not have it",
    "tongban_drill_age_seconds": "Since the last restore drill",
    "tongban_drill_differing": "Tables and files that differed in the last drill",
    "tongban_certificate_days_left": "Days until the next certificate ends, by kind and algorithm",
    "tongban_clock_skew_seconds": "The largest difference between a machine's clock and the database's",
    "tongban_clock_synchronised": "Whether a time server holds the machine's clock",
    "tongban_disk_free_bytes": "Free room, by machine and place",
    "tongban_disk_free_ratio": "Free room of all, by machine and place",
}


def measures(house: House) -> list[Measure]:
    """Every number there is; what could not be asked has none."""
    parts = (_work, _post, _database, _backup, _certificates, _machines)
    return [measure("up", 1), *(one for part in parts for one in part(house))]


def _work(house: House) -> Iterator[Measure]:
    for queue in house.queues:
        yield measure("jobs", queue.waiting, queue=queue.name, state="waiting")
        yield measure("jobs", queue.running, queue=queue.name, state="running")
        yield measure("jobs_failed", queue.failed, queue=queue.name)
        yield measure("jobs_oldest_seconds", max(queue.oldest_s, 0), queue=queue.name)
    yield measure("sign_ins_failed_recently", house.failed_sign_ins)


def _post(house: House) -> Iterator[Measure]:
    for row in house.post:
        yield measure("notices", row["count"], way=row["way"], state=row["state"])
    for way, rows in groupby(house.post, key=lambda row: row["way"]):
        yield measure("notices_oldest_seconds", _since(house, min(row["oldest"] for row in rows)), way=way)
    for row in house.post_outcomes:
        gateway = row["gateway"] or "none"
        yield measure("notices_recently", row["count"], way=row["way"], gateway=gateway, state=row["state"])
    for row in house.payment_outcomes:
        yield measure("payments_recently", row["count"], channel=row["channel"], state=row["state"])


def _database(house: House) -> Iterator[Measure]:
    if state := house.server:
        yield measure("facts_written", state.facts)
        yield measure("database_size_bytes", state.size)
        yield measure("database_connections", state.connections)
        yield measure("database_connections_ratio", state.connections / state.most_connections)
        yield measure("database_longest_transaction_seconds", state.longest_transaction_s)
        yield measure("database_waiting_for_locks", state.waiting_for_locks)
        yield measure("database_oldest_xid", state.oldest_xid)
    for standby in house.standbys:
        yield measure("standby_behind_seconds", standby.behind_s, standby=standby.name)
        yield measure("standby_behind_bytes", standby.behind_bytes, standby=standby.name)


def _backup(house: House) -> Iterator[Measure]:
    if house.backup:
        for name, key in (("age", "base_ended"), ("carried", "carried_at")):
            if moment := house.backup.data.get(key):
                yield measure(f"backup_{name}_seconds", _since(house, datetime.fromisoformat(moment)))
    if house.archive:
        yield measure("backup_log_behind_bytes", house.archive.behind_bytes)
    if house.drill:
        yield measure("drill_age_seconds", _since(house, house.drill.at))
        yield measure("drill_differing", house.drill.differing)


def _certificates(house: House) -> Iterator[Measure]:
    for ending in house.endings:
        days = (ending.until - house.at).total_seconds() / 86_400
        yield measure("certificate_days_left", round(days, 1), kind=ending.kind, algorithm=ending.algorithm)


def _machines(house: House) -> Iterator[Measure]:
    """One line a machine and kind: a number of a process that is gone tomorrow is no label."""
    alive = sorted(house.alive, key=lambda one: (one.host, one.kind))
    for (host, kind), processes in groupby(alive, key=lambda one: (one.host, one.kind)):
        largest = max(one.data.get("resident_bytes", 0) for one in processes)
        yield measure("process_resident_bytes", largest, host=host, kind=kind)
    counted = Counter((one.host, one.kind) for one in alive)
    gone = {(one.host, one.kind) for one in house.processes if one.kind != one.Kind.BACKUP} - counted.keys()
    for (host, kind), count in sorted({**counted, **dict.fromkeys(gone, 0)}.items()):
        yield measure("processes", count, host=host, kind=kind)
    for host, ones in groupby(alive, key=lambda one: one.host):
        clocks = [one.data.get("clock", {}) for one in ones]
        yield measure("clock_skew_seconds", max(abs(c.get("skew_ms", 0)) for c in clocks) / 1000, host=host)
        if known := [c["synchronised"] for c in clocks if "synchronised" in c]:
            yield measure("clock_synchronised", all(known), host=host)
    for host, place, room in _rooms(house):
        yield measure("disk_free_bytes", room["free"], host=host, place=place)
        yield measure("disk_free_ratio", room["free"] / room["total"], host=host, place=place)


def _rooms(house: House) -> Iterator[tuple[str, str, dict[str, int]]]:
    said = [*house.alive, *([house.backup] if house.backup else [])]
    places = {(one.host, place): room for one in said for place, room in one.data.get("disk", {}).items() if room}
    for (host, place), room in sorted(places.items()):
        yield host, place, room


def _since(house: House, moment: datetime) -> float:
    return max((house.at - moment).total_seconds(), 0)
