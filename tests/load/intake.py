"""Case intake through the API, durable commit, against pgbench doing the same writes over the same number of connections.

`python -m tests.load.intake` prints requests a second and the ratio. A database of its own is made in the cluster of
`.data/bench`; load comes from wrk where it is installed, else from a small client of ours. Rounds alternate between the two,
so that a busy machine slows both.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.load.processor import processor_seconds

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, THREADS = 2, 4  # of the server: one process a core, and eight database connections in all
CONNECTIONS = PROCESSES * THREADS
CLIENTS = 16  # HTTP connections held open
APPLICANTS = 200
TARGET = 0.25
KEY = "tb_" + "bench" * 8
ITEM = "public-venue-hygiene-permit"


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

    @property
    def ratio(self) -> float:
        return self.requests / self.transactions


# --- the database ---------------------------------------------------------------------------------------------------------


def make_database() -> str:
    """A fresh migrated database with one office, its item, a system key and some registered people; its address."""
    os.environ.setdefault("TONGBAN_HOME", str(ROOT / ".data" / "bench"))
    from tongban.config.launch import cluster, template

    if not os.environ.get("DATABASE_URL"):
        cluster.start()
    here = os.environ.get("DATABASE_URL") or cluster.url()
    name = template.name_of_template()
    template.make(name)
    import psycopg

    with psycopg.connect(here, autocommit=True) as server:
        server.execute("drop database if exists bench with (force)")
        server.execute(f'create database bench template "{name}"')
    return urlsplit(here)._replace(path="/bench").geturl()


def fill(address: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Bodies to send, one per applicant, and the rows that one of them becomes."""
    os.environ["DATABASE_URL"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tongban.foundation.identity.actions import issue_system_key, register_person
    from tongban.foundation.identity.models import Account
    from tongban.foundation.identity.queries import actor_of_key
    from tongban.foundation.identity.tests.factories import id_number
    from tongban.foundation.kernel.actors import installer
    from tongban.foundation.organisations.tests.factories import make_department
    from tongban.services.cases.actions import Applicant
    from tongban.services.cases.actions.intake import checked
    from tongban.services.cases.actions.rows import rows_of
    from tongban.services.cases.actions.submit import Application
    from tongban.services.items.actions import load_definition
    from tongban.services.items.actions.tables import load_code_tables

    department = make_department("区行政审批局")
    make_department("区卫健局")
    load_code_tables(installer("items.manage"))
    text = (ROOT / "tongban" / "demo" / "definitions" / "items" / f"{ITEM}.yaml").read_text()
    load_definition(installer("items.manage"), text)
    rights = installer("identity.manage_rights")
    issue_system_key(
        actor=rights, department_id=department.pk, name="压测", scopes=["cases.apply", "cases.see"], key=KEY
    )
    bodies = []
    for serial in range(1, APPLICANTS + 1):
        number = id_number(serial)
        account = Account.objects.create(username=f"bench-{serial}")
        register_person(account=account, name="李华", level=3, id_number=number, phone=f"138{serial:08}")
        bodies.append(body(number))
    sample = bodies[0]
    application = Application(
        item_code=ITEM,
        situation=sample["situation"],
        answers=sample["form"],
        materials={row["material_key"]: [{"way": row["get_type"], "waive_mode": row.get("waive_mode", "")}]
                   for row in sample["materials"]},
        applicant=Applicant("person", "李华", sample["applyer_page_code"], "13800000001"),
    )  # fmt: skip
    actor = actor_of_key(KEY)
    ready = checked(actor, application, application.applicant)
    from tongban.services.cases.models import DaySerial

    DaySerial.objects.bulk_create(DaySerial(prefix="bench", stripe=number, next=number) for number in range(1, 17))
    return bodies, rows_of(actor, ready, "f" * 64, "d" * 64)


def body(number: str) -> dict[str, Any]:
    """An application for a public-venue permit, as a department's own system would send it."""
    from tongban.foundation.identity.tests.factories import uscc

    later = (date.today() + timedelta(days=60)).isoformat()  # noqa: DTZ011  (only has to lie ahead)
    staff = [
        {"name": "王芳", "id_number": number, "post": "serve", "health_until": later},
        {"name": "张敏", "id_number": number, "post": "clean", "health_until": later},
    ]
    return {
        "item_code": ITEM,
        "situation": {"venue": "barber", "air": "no"},
        "form": {
            "subject_name": "广安区翠屏理发店", "uscc": uscc(7), "leader": "李华", "leader_id": number, "contact": "李华",
            "phone": "13800000001", "venue_name": "翠屏理发店", "area": 68.5, "opening_on": later, "washing": "own",
            "venue_address": {"division": "511602001001", "detail": "翠屏路1号2栋"}, "staff": staff, "promise": True,
        },
        "materials": [
            {"material_key": "identity", "get_type": "7", "waive_mode": "1"},
            {"material_key": "plan", "get_type": "1"},
            {"material_key": "test_report", "get_type": "4"},
            {"material_key": "rules", "get_type": "7", "waive_mode": "4"},
        ],
        "applyer_type": "1",
        "applyer_name": "李华",
        "applyer_page_code": number,
        "contact_mobile": "13800000001",
    }  # fmt: skip


# --- the peer -------------------------------------------------------------------------------------------------------------

KEYS = {  # columns that must differ from row to row, by table
    "cases_intakekey": {"fingerprint": "lpad(to_hex(:k::bigint), 64, '0')", "made_id": "{id}"},
    "cases_case": {"id": "{id}", "project_no": "lpad(:k::bigint::text, 43, '0')"},
    "cases_casematerial": {"id": "{other}", "case_id": "{id}"},
    "clocks_clock": {"id": "{id}", "subject": "'case:' || {id}"},
    "cases_caseevent": {"id": "{id}", "case_id": "{id}"},
    "audit_fact": {"id": "{id}", "stream": "'case:' || {id}"},
}
ID = (
    "('01a1fd04-d0df-7' || lpad(to_hex((:k::bigint / 281474976710656) % 4096), 3, '0') || '-8000-'"
    " || lpad(to_hex(:k::bigint % 281474976710656), 12, '0'))::uuid"
)


def pgbench_script(rows: dict[str, Any]) -> str:
    """The same rows into the same tables, one prepared statement each, in one transaction."""
    inserts = [
        ("cases_intakekey", {"digest": rows["digest"], "made_at": rows["case"]["submitted_at"]}),
        ("cases_case", rows["case"]),
        *[("cases_casematerial", {**row, "number": place}) for place, row in enumerate(rows["materials"])],
        *[("clocks_clock", row) for row in rows["clocks"]],
        *[("cases_caseevent", row) for row in rows["events"]],
        *[("audit_fact", row) for row in rows["facts"]],
    ]
    lines = ["\\set k random(1, 1000000000000000000)", "begin;"]
    for table, row in inserts:
        place = row.pop("number", 0)
        other = ID.replace("'01a1fd04", f"'02a1f{place:03x}")
        keys = {name: text.format(id=ID, other=other) for name, text in KEYS[table].items()}
        values = {name: literal(value) for name, value in row.items()} | keys
        lines.append(f"insert into {table} ({', '.join(values)}) values ({', '.join(values.values())});")
    for job in rows["tasks"]:
        lines.append(f"select tongban_defer({literal(job['task'])}, {literal(job['ids'])}::jsonb);")
    lines.append(
        "update cases_dayserial d set next = d.next + 16 where d.prefix = 'bench' and d.stripe = (select stripe from"
        " cases_dayserial where prefix = 'bench' order by next limit 1 for update skip locked) returning d.next - 16;"
    )
    return "\n".join([*lines, "commit;", ""])


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


# --- processor time ---------------------------------------------------------------------------------------------------------


def postmaster() -> int:
    from tongban.config.launch import cluster

    return int((cluster.home() / "postgres" / "postmaster.pid").read_text().split()[0])


# --- the server and its load ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def server(address: str) -> Iterator[tuple[int, int]]:
    """The API as it is served in production, on a free port of this machine: the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "DATABASE_URL": address, "TONGBAN_API_CALLS_PER_MINUTE": "100000000", "TONGBAN_DEBUG": "",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(PROCESSES), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning",
        "tongban.config.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # nothing of ours is left behind


LUA = """
local bodies, n, me = {}, 0, ""
local threads = 0
for line in io.lines("%(bodies)s") do bodies[#bodies + 1] = line end
function setup(thread) thread:set("id", threads); threads = threads + 1 end
function request()
  n = n + 1
  local headers = {["Authorization"] = "Bearer %(key)s", ["Content-Type"] = "application/json",
                   ["Idempotency-Key"] = "%(run)s-" .. id .. "-" .. n}
  return wrk.format("POST", "/api/v1/applications", headers, bodies[n %% #bodies + 1])
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %%d %%d %%f %%f %%d\\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def run_wrk(port: int, folder: Path, seconds: int, run: str) -> tuple[float, float, float, int]:
    script = folder / "intake.lua"
    script.write_text(LUA % {"bodies": folder / "bodies.txt", "key": KEY, "run": run})
    command = [
        "wrk",
        "-t1",
        f"-c{CLIENTS}",
        f"-d{seconds}s",
        "--timeout",
        "15s",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"RESULT (\d+) (\d+) ([\d.]+) ([\d.]+) (\d+)", done.stdout)
    if not found:
        raise SystemExit(f"wrk failed: {(done.stderr or done.stdout)[-800:]}")
    count, micros, p50, p99, failed = found.groups()
    return int(count) / int(micros) * 1e6, float(p50), float(p99), int(failed)


def run_client(port: int, folder: Path, seconds: int, run: str) -> tuple[float, float, float, int]:
    """The same load from threads of our own, where wrk is not installed. It costs more of the machine than wrk does."""
    bodies = [line.encode() for line in (folder / "bodies.txt").read_text().splitlines()]
    times: list[float] = []
    failed = [0]
    end = time.monotonic() + seconds

    def call(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as line:
            for count in range(10**9):
                if time.monotonic() >= end:
                    return
                content = bodies[count % len(bodies)]
                head = (
                    f"POST /api/v1/applications HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n"
                    f"Content-Type: application/json\r\nIdempotency-Key: {run}-{number}-{count}\r\n"
                    f"Content-Length: {len(content)}\r\n\r\n"
                )
                start = time.perf_counter()
                line.sendall(head.encode() + content)
                answer = line.recv(65536)
                times.append(time.perf_counter() - start)
                failed[0] += not answer.startswith(b"HTTP/1.1 201")

    callers = [threading.Thread(target=call, args=(number,)) for number in range(CLIENTS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    times.sort()
    return len(times) / seconds, times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000, failed[0]


def measure(rounds: int = 3, seconds: int = 6) -> list[Round]:
    """Alternate between the API and pgbench."""
    address = make_database()
    bodies, rows = fill(address)
    load = run_wrk if shutil.which("wrk") else run_client
    found = []
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
            found.append(Round(requests, transactions, p50, p99, failed, request_us, transaction_us))
    return found


def main() -> int:
    rounds = measure()
    for one in rounds:
        sys.stdout.write(
            f"intake {one.requests:7.0f} req/s  pgbench {one.transactions:7.0f} tps  ratio {one.ratio:.3f}  "
            f"p50 {one.p50_ms:.1f} ms  p99 {one.p99_ms:.1f} ms  failed {one.failed}  "
            f"processor {one.request_us:.0f} / {one.transaction_us:.0f} us\n"
        )
    ratio = statistics.median(one.ratio for one in rounds)
    sys.stdout.write(
        f"intake: median ratio {ratio:.3f} (target {TARGET}), {max(one.requests for one in rounds):.0f} req/s at best\n"
    )
    return 0 if ratio >= TARGET and not any(one.failed for one in rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
