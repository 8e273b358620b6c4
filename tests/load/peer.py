"""The peer of every intake: pgbench, writing the same rows into the same tables over the same number of connections."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.load.driving import CONNECTIONS, PROCESSES, load, postmaster, server
from tests.load.processor import processor_seconds

# Columns that must differ from row to row, by table: {id} is the case's key, {own} the row's.
KEYS = {
    "cases_intakekey": {"fingerprint": "lpad(to_hex(:k::bigint), 64, '0')", "made_id": "{id}"},
    "cases_case": {"id": "{id}", "project_no": "lpad(:k::bigint::text, 43, '0')"},
    "cases_casematerial": {"id": "{own}", "case_id": "{id}"},
    "clocks_clock": {"id": "{own}", "subject": "'case:' || {id}"},
    "cases_caseevent": {"id": "{own}", "case_id": "{id}"},
    "audit_fact": {"id": "{own}", "stream": "'case:' || {own}"},
    "decisions_decided": {"id": "{own}", "case_id": "{id}"},
    "cases_decision": {"case_id": "{id}"},
    "cases_delivery": {"case_id": "{id}"},
    "letters_letter": {
        "id": "{own}", "subject": "'case:' || {id}", "verify_code": "lpad(to_hex(:k::bigint), 16, '0')",
        "serial": "(:k::bigint % 2147483647)::int", "number": "'第' || :k::bigint || '号'", "project_no": "''",
    },
    "licences_licence": {
        "id": "{own}", "family_id": "{own}", "identifier": "lpad(:k::bigint::text, 43, '0')",
        "serial": "lpad(:k::bigint::text, 32, '0')", "case_id": "{id}",
        "number_index": "lpad(to_hex(:k::bigint), 32, '0')", "holder_index": "lpad(to_hex(:k::bigint), 32, '0')",
        "holder_id": "{own}",
    },
    "notifications_message": {"id": "{own}", "subject": "'case:' || {id}"},
    "notifications_dispatch": {"id": "{own}", "message_id": "{message}"},
}  # fmt: skip
ID = (
    "('01a1fd04-d0df-7' || lpad(to_hex((:k::bigint / 281474976710656) % 4096), 3, '0') || '-8000-'"
    " || lpad(to_hex(:k::bigint % 281474976710656), 12, '0'))::uuid"
)
# Letters of a department are numbered without a gap: whoever takes a number holds the series until he commits, and so does the peer.
SERIES = (
    "insert into letters_letterseries as s (department_id, word, year, last) values ({department}, {word}, {year}, 1)"
    " on conflict (department_id, word, year) do update set last = s.last + 1 returning last;"
)
CASE_NUMBER = (
    "update cases_dayserial d set next = d.next + 16 where d.prefix = 'bench' and d.stripe = (select stripe from"
    " cases_dayserial where prefix = 'bench' order by next limit 1 for update skip locked) returning d.next - 16;"
)


def _inserts(rows: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Table and row of everything an intake writes."""
    lists = [
        ("cases_casematerial", "materials"), ("clocks_clock", "clocks"), ("cases_caseevent", "events"), ("audit_fact", "facts"),
        ("letters_letter", "letters"), ("licences_licence", "licences"), ("notifications_message", "messages"),
        ("notifications_dispatch", "dispatches"),
    ]  # fmt: skip
    one = [("decisions_decided", "decided"), ("cases_decision", "decision"), ("cases_delivery", "delivery")]
    return [
        ("cases_intakekey", {"digest": rows["digest"], "made_at": rows["case"]["submitted_at"]}),
        ("cases_case", rows["case"]),
        *[(table, row) for table, name in lists for row in rows.get(name, [])],
        *[(table, rows[name]) for table, name in one if rows.get(name)],
    ]


def pgbench_script(rows: dict[str, Any]) -> str:
    """The same rows into the same tables, one prepared statement each, in one transaction."""
    lines = ["\\set k random(1, 1000000000000000000)", "begin;"]
    inserts = _inserts(rows)
    message = next((place for place, (table, _row) in enumerate(inserts) if table == "notifications_message"), 0)
    for place, (table, row) in enumerate(inserts):
        ids = {"id": ID, "own": _id_of(place), "message": _id_of(message)}
        keys = {name: text.format(**ids) for name, text in KEYS[table].items()}
        values = {name: literal(value) for name, value in row.items()} | keys
        lines.append(f"insert into {table} ({', '.join(values)}) values ({', '.join(values.values())});")
    for job in rows["tasks"]:
        lines.append(f"select tongban_defer({literal(job['task'])}, {literal(job['ids'])}::jsonb);")
    for letter in rows.get("letters", []):
        words = {"department": letter["department_id"], "word": letter["word"], "year": letter["year"]}
        lines.append(SERIES.format(**{name: literal(value) for name, value in words.items()}))
    return "\n".join([*lines, CASE_NUMBER, "commit;", ""])


def _id_of(place: int) -> str:
    return ID.replace("'01a1fd04", f"'02a1f{place:03x}")


def literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    return "'" + text.replace("'", "''") + "'"


def run_pgbench(address: str, script: Path, seconds: int) -> float:
    from tongban.config.launch import cluster

    parts = urlsplit(address)
    host = parts.hostname or dict(p.split("=", 1) for p in parts.query.split("&"))["host"]
    command = [
        *(["-U", parts.username] if parts.username else []), "-h", host, *(["-p", str(parts.port)] if parts.port else []),
        "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", str(PROCESSES), "-T", str(seconds), "-f", str(script), "bench",
    ]  # fmt: skip
    program = shutil.which("pgbench") or str(cluster.binaries() / "pgbench")
    done = subprocess.run([program, *command], capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    if done.returncode or not found:
        raise SystemExit(f"pgbench failed: {(done.stderr or done.stdout)[-800:]}")
    return float(found.group(1))


@dataclass(frozen=True)
class Round:
    """One alternation: both figures of the same half minute."""

    requests: float  # API intakes a second
    transactions: float  # pgbench transactions a second
    p50_ms: float
    p99_ms: float
    failed: int
    request_us: float  # processor time of server and database for one intake
    transaction_us: float  # of pgbench and database for one transaction
    half_p99_ms: float = 0.0  # p99 at half of this round's requests a second, where it was asked for

    @property
    def ratio(self) -> float:
        return self.requests / self.transactions


def alternate(
    address: str, bodies: list[Any], rows: dict[str, Any], rounds: int, seconds: int, *, half: bool = False
) -> Iterator[Round]:
    """The API and pgbench in turns, so that a busy machine slows both; with `half`, the API at half its rate after that."""
    with tempfile.TemporaryDirectory() as place, server(address) as (port, process):
        folder = Path(place)
        (folder / "bodies.txt").write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in bodies) + "\n")
        script = folder / "intake.sql"
        script.write_text(pgbench_script(rows))
        folder.chmod(0o755)
        load(port, folder, 3, "warm")
        run_pgbench(address, script, 2)
        database = postmaster()
        for number in range(rounds):
            start = processor_seconds(process, database)
            requests, p50, p99, failed = load(port, folder, seconds, f"r{number}")
            request_us = (processor_seconds(process, database) - start) / (requests * seconds) * 1e6
            start = processor_seconds(database) + os.times().children_user + os.times().children_system
            transactions = run_pgbench(address, script, seconds)
            spent = processor_seconds(database) + os.times().children_user + os.times().children_system - start
            transaction_us = spent / (transactions * seconds) * 1e6
            calm = load(port, folder, seconds, f"h{number}", rate=requests / 2) if half else (0.0, 0.0, 0.0, 0)
            yield Round(
                requests, transactions, p50, p99, failed + calm[3], request_us, transaction_us, half_p99_ms=calm[2]
            )
