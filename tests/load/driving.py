"""How an intake is driven: a database of its own, the API as it is served in production, and load from wrk or threads of ours."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, THREADS = 2, 4  # of the server: one process a core, and eight database connections in all
CONNECTIONS = PROCESSES * THREADS
CLIENTS = 16  # HTTP connections held open
KEY = "tb_" + "bench" * 8


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


def start_django(address: str) -> None:
    """This process works with that database, with the settings of a real house."""
    os.environ["DATABASE_URL"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()


def postmaster() -> int:
    from tongban.config.launch import cluster

    return int((cluster.home() / "postgres" / "postmaster.pid").read_text().split()[0])


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


def run_client(port: int, folder: Path, seconds: int, run: str, rate: float = 0) -> tuple[float, float, float, int]:
    """The same load from threads of our own, where wrk is not installed. It costs more of the machine than wrk does.

    With a `rate` (requests a second) each is due at its moment, and is timed from that moment on, whether or not an earlier one
    held it up.
    """
    bodies = [line.encode() for line in (folder / "bodies.txt").read_text().splitlines()]
    times: list[float] = []
    failed = [0]
    began = time.monotonic()
    end = began + seconds

    def call(number: int) -> None:
        line = HTTPConnection("127.0.0.1", port)
        head = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        for count in range(10**9):
            due = began + (count * CLIENTS + number) / rate if rate else time.monotonic()
            if max(due, time.monotonic()) >= end:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            content = bodies[count % len(bodies)]
            line.request(
                "POST", "/api/v1/applications", content, {**head, "Idempotency-Key": f"{run}-{number}-{count}"}
            )
            answer = line.getresponse()
            answer.read()
            times.append(time.monotonic() - due)
            failed[0] += answer.status != 201
        line.close()

    callers = [threading.Thread(target=call, args=(number,)) for number in range(CLIENTS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    times.sort()
    return len(times) / seconds, times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000, failed[0]


def load(port: int, folder: Path, seconds: int, run: str, *, rate: float = 0) -> tuple[float, float, float, int]:
    """Requests a second, p50 and p99 in milliseconds, how many failed: as many as can be, or so many a second."""
    if rate or not shutil.which("wrk"):
        return run_client(port, folder, seconds, run, rate)
    return run_wrk(port, folder, seconds, run)
