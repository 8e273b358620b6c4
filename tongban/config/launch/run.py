"""Start the whole house on one machine, stay with it, and stop it cleanly: database, web, worker."""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.error import URLError

from tongban.config.launch import cluster
from tongban.config.launch.cluster import ROOT, home
from tongban.config.launch.faults import LOCKED, PORT, SERVER, LaunchError, guarded, no_space

NEEDED_MB = 1024
PATIENCE = 20  # seconds for a process to finish what it does
START_PATIENCE = 90  # seconds for the web server to answer, also on a machine that is busy with other things
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Somebody asked us to stop."""


def say(chinese: str, english: str) -> None:
    print(f"· {chinese} {english}", flush=True)


# -- before anything starts ----------------------------------------------------------------------------------------------


def is_free(host: str, port: int) -> bool:
    """Nobody listens there. granian shares ports, so a forgotten server would silently answer for ours."""
    with socket.socket() as knock:
        knock.settimeout(0.5)
        if knock.connect_ex((host, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def check_port(host: str, port: int) -> None:
    if is_free(host, port):
        return
    other = next((p for p in range(port + 1, port + 50) if is_free(host, p)), port + 1)
    raise LaunchError(
        f"端口 {port} 已被占用或无权使用。可以换一个：make run PORT={other}",
        f"Port {port} is in use or not allowed. Try another one: make run PORT={other}",
        PORT,
    )


def check_space() -> None:
    folder = next(place for place in (home(), *home().parents) if place.exists())
    free = shutil.disk_usage(folder).free
    if free < NEEDED_MB << 20:
        raise no_space(folder, free)


@contextmanager
def only_one() -> Iterator[None]:
    """One run per data folder; the lock goes with the process, however it ends."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid = lock.read().strip()
            raise LaunchError(
                f"已经有一个在运行（进程 {pid}）。先用 make stop 停止它，或用 TONGBAN_HOME 指定另一个数据文件夹。",
                f"Already running (process {pid}). Stop it with make stop, or name another folder with TONGBAN_HOME.",
                LOCKED,
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


# -- the processes -------------------------------------------------------------------------------------------------------


def die_with_us() -> None:
    """In the child: a group of its own, and a signal should we be killed without a word."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def launch(*command: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, preexec_fn=die_with_us)
    with (home() / "run.groups").open("a") as groups:
        groups.write(f"{process.pid}\n")
    return process


def sweep() -> None:
    """End what an earlier run left behind when it was killed without a word."""
    groups = home() / "run.groups"
    for pid in groups.read_text().split() if groups.exists() else []:
        with suppress(OSError):
            if b"tongban" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.killpg(int(pid), signal.SIGKILL)
    groups.unlink(missing_ok=True)


def web(host: str, port: int) -> tuple[str, ...]:
    workers = os.environ.get("TONGBAN_WEB_WORKERS") or str(min(os.cpu_count() or 1, 16))
    return (
        *("-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", workers),
        *("--blocking-threads", "4", "--backlog", "1024", "--log-level", "warning", "--respawn-failed-workers"),
        # A worker that is told to stop while it starts does not hear it.
        *("--workers-kill-timeout", "8"),
        "tongban.config.wsgi:application",
    )


def share_counts() -> None:
    """The web processes count into one folder (`/metrics`); what an earlier run counted is over."""
    folder = home() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and all it started to stop; after a while make them."""
    for sign, patience in ((signal.SIGTERM, PATIENCE), (signal.SIGKILL, 5)):
        if process.poll() is None:
            _signal_group(process.pid, sign)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
    _signal_group(process.pid, signal.SIGKILL)


def _signal_group(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, sign)


def answers(host: str, port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/health/live", timeout=2) as page:
            return bool(page.status == 200)
    except (URLError, OSError):
        return False


def wait_until_it_answers(process: subprocess.Popen[bytes], host: str, port: int) -> None:
    for _ in range(START_PATIENCE * 5):
        if process.poll() is not None:
            break
        if answers(host, port):
            return
        time.sleep(0.2)
    raise LaunchError(
        "网站没有启动成功，原因见上面的输出。", "The web server did not start; see what it says above.", SERVER
    )


def helpers() -> list[tuple[str, ...]]:
    """What runs beside the web server: the worker, and where backups have a place, what carries the log there."""
    keeper = [("-m", "tongban", "backup", "keep")] if os.environ.get("TONGBAN_BACKUP_FOLDER") else []
    return [("-m", "tongban.config.worker"), *keeper]


def watch(web_process: subprocess.Popen[bytes], started: list[subprocess.Popen[bytes]]) -> None:
    """Stay until told to stop. A helper that dies is started again; without the web server there is nothing to stay for."""
    running = dict(zip(helpers(), started[1:], strict=True))
    wait = 1.0
    while True:
        time.sleep(1)
        if web_process.poll() is not None:
            raise LaunchError("网站意外停止。", "The web server has stopped unexpectedly.", SERVER)
        for command, process in running.items():
            if process.poll() is not None:
                say(f"{command[1]} 已退出，{wait:.0f} 秒后重新启动", "has ended and is started again")
                time.sleep(wait)
                wait = min(wait * 2, 60)
                running[command] = launch(*command)
                started.append(running[command])


def welcome(host: str, port: int, seconds: float) -> None:
    accounts = home() / "accounts.txt"
    print(
        f"\n✓ 通办已启动（{seconds:.0f} 秒）。Tongban is running.\n\n"
        f"  门户   portal   http://{host}:{port}/\n"
        f"  工作台 console  http://{host}:{port}/console/\n"
        f"  接口   API      http://{host}:{port}/api/v1/\n\n"
        f"{accounts.read_text() if accounts.exists() else ''}\n"
        "  按 Ctrl-C 停止。Ctrl-C stops everything.\n",
        flush=True,
    )


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _stamp() -> str:
    """Changes whenever something does that `prepare` brings up to date."""
    kinds = ("**/migrations/*.py", "locale/**/*.po", "**/static/**/*", "demo/**/*", "**/sample/*", "**/data/*")
    files = sorted({path for kind in kinds for path in (ROOT / "tongban").glob(kind) if path.is_file()})
    seen = [f"{path}{path.stat().st_mtime_ns}" for path in files if "__pycache__" not in path.parts]
    where = [(ROOT / "requirements.txt").read_text(), os.environ.get("TONGBAN_DATA", ""), _database_made_at()]
    return hashlib.sha256("".join(seen + where).encode()).hexdigest()


def _database_made_at() -> str:
    """Another moment when somebody took the database away and kept the rest of the data folder."""
    with suppress(OSError):
        return str((cluster.data_folder() / "PG_VERSION").stat().st_mtime_ns)
    return ""


def prepare(started: list[subprocess.Popen[bytes]]) -> int:
    """Bring everything up to date in a process of its own, unless this data folder is; its exit code."""
    stamp, now = home() / "prepared.stamp", _stamp()
    whole = stamp.exists() and (home() / "static").exists()
    if not os.environ.get("DATABASE_URL") and whole and stamp.read_text() == now:
        return 0
    started.append(launch("-m", "tongban.config.launch.prepare"))
    if code := started[-1].wait():
        return code
    stamp.write_text(now)
    return 0


def serve(host: str, port: int) -> int:
    began = time.monotonic()
    started: list[subprocess.Popen[bytes]] = []
    # Letters, codes and certificates name the address we serve at, unless another one is said.
    os.environ.setdefault("TONGBAN_URL", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")  # noqa: S104
    try:
        if code := prepare(started):
            return code
        share_counts()
        started = [launch(*web(host, port)), *(launch(*helper) for helper in helpers())]
        wait_until_it_answers(started[0], host, port)
        welcome(host, port, time.monotonic() - began)
        watch(started[0], started)
    except Stopped:
        say("正在停止…", "stopping …")
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)
        for process in started:
            end(process)
        if not os.environ.get("DATABASE_URL"):
            cluster.stop()
    say("已停止", "stopped")
    return 0


def run(host: str, port: int) -> int:
    cluster.check_owner()
    check_space()
    with only_one():
        sweep()
        check_port(host, port)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, _stop)
        try:
            if not os.environ.get("DATABASE_URL"):
                say("启动数据库", "starting the database")
                cluster.start()
            return serve(host, port)
        except Stopped:
            cluster.stop()
            return 0


def stop() -> int:
    """Stop the run of this data folder, if there is one, and the database."""
    lock = home() / "run.lock"
    pid = lock.read_text().strip() if lock.exists() else ""
    if pid and os.path.exists(f"/proc/{pid}"):
        os.kill(int(pid), signal.SIGTERM)
        for _ in range(300):
            if not os.path.exists(f"/proc/{pid}"):
                break
            time.sleep(0.1)
    sweep()
    cluster.stop()
    say("已停止", "stopped")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the whole house on this machine")
    parser.add_argument("verb", choices=["run", "stop"], nargs="?", default="run")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or "8000"))
    parser.add_argument("--host", default=os.environ.get("TONGBAN_BIND", "127.0.0.1"))
    chosen = parser.parse_args()
    return stop() if chosen.verb == "stop" else run(chosen.host, chosen.port)


if __name__ == "__main__":
    sys.exit(guarded(main))
