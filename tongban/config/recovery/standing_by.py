"""A second cluster that follows the first by streaming, and takes its place when it is lost.

The standby is the private cluster of another data folder (`standby/` in ours, or on another machine that machine's own),
so the commands that start and stop a cluster serve it, too.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tongban.config.launch import cluster
from tongban.config.launch.faults import LaunchError

from . import faults, place
from .programs import connect, program, server_at

NAME = "tongban_standby"
PATIENCE = 60.0
FOLLOWING = """select state, sync_state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint
from pg_stat_replication where application_name = %s"""


@dataclass(frozen=True)
class State:
    """What is known of the standby at this moment; `address` is what the app should be given."""

    role: str  # away, following, waiting, promoted
    synchronous: bool = False
    behind_bytes: int = 0
    address: str = ""


def is_synchronous() -> bool:
    """Whether a write is acknowledged only once the standby has it, too."""
    return os.environ.get("TONGBAN_STANDBY_SYNCHRONOUS") == "1"


def both(first: str, second: str) -> str:
    """One address for two servers: whichever of them takes writes. libpq tries them in turn at each connection."""
    one, other = conninfo_to_dict(first), conninfo_to_dict(second)
    one.pop("target_session_attrs", None)
    hosts = [str(each.get("host", "localhost")) for each in (one, other)]
    ports = [str(each.get("port", 5432)) for each in (one, other)]
    where = f"host={','.join(hosts)}&port={','.join(ports)}&target_session_attrs=read-write"
    password = f":{quote(str(one['password']), safe='')}" if one.get("password") else ""
    return f"postgresql://{quote(str(one.get('user', '')))}{password}@/{one['dbname']}?{where}"


def start(home: Path, *, of: str) -> State:
    """Copy the primary at `of` into an empty data folder and follow it; later, just start it again."""
    server = server_at(of)
    with place.house_in(home):
        if not (cluster.data_folder() / "PG_VERSION").exists():
            _copy(of, server.major)
        if not cluster.is_running():
            cluster.start_server("hot_standby=on")
    _wait_until_it_follows(of)
    _set_synchronous(of, NAME if is_synchronous() else "")
    return state(home, of=of)


def _copy(of: str, major: int) -> None:
    cluster.make_folders()
    if any(cluster.data_folder().iterdir()):
        raise faults.not_empty(cluster.data_folder())
    with connect(of) as primary:
        primary.execute(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s", [NAME]
        )
    source = make_conninfo(of, application_name=NAME)
    how = ["--wal-method=stream", "--checkpoint=fast", "--write-recovery-conf", "--create-slot", f"--slot={NAME}"]
    tool = program("pg_basebackup", major)
    done = cluster.as_owner(str(tool), "-d", source, "-D", str(cluster.data_folder()), "--no-password", *how)
    said = cluster.spoken(done)
    if said.returncode:
        shutil.rmtree(cluster.data_folder(), ignore_errors=True)
        raise faults.server_refused("pg_basebackup", said.stderr)


def _wait_until_it_follows(of: str) -> None:
    deadline = time.monotonic() + PATIENCE
    with connect(of) as primary:
        while True:
            row = primary.execute(FOLLOWING, [NAME]).fetchone()
            if row and row[0] == "streaming":
                return
            if time.monotonic() > deadline:
                raise faults.does_not_follow()
            time.sleep(0.1)


def _set_synchronous(url: str, names: str) -> None:
    with connect(url) as server:
        server.execute(f"alter system set synchronous_standby_names = '{names}'")
        server.execute("select pg_reload_conf()")
        for _ in range(100):
            row = server.execute(
                "select sync_state from pg_stat_replication where application_name = %s", [NAME]
            ).fetchone()
            if not names or (row and row[0] == "sync"):
                return
            time.sleep(0.05)
    raise faults.does_not_follow()


def promote(home: Path, *, of: str) -> State:
    """The standby takes writes from now on. Refused while the primary still does: two of them would part for good."""
    if _takes_writes(of):
        raise faults.primary_lives()
    with place.house_in(home):
        if not cluster.is_running():
            raise faults.no_standby(home)
        cluster.run_program("pg_ctl", "-D", str(cluster.data_folder()), "-w", "promote")
        own = cluster.url()
    (home / "promoted").touch()  # `cluster.start` of the primary beside it heeds it
    _set_synchronous(own, "")  # it has nobody to wait for
    return state(home, of=of)


def _takes_writes(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5) as server:
            row = server.execute("select pg_is_in_recovery()").fetchone()
            return row == (False,)
    except psycopg.OperationalError:
        return False


def state(home: Path, *, of: str) -> State:
    with place.house_in(home):
        own = cluster.url()
        if not cluster.is_running():
            return State("away")
    address = both(of, own)
    if _takes_writes(own):
        return State("promoted", address=address)
    try:
        with connect(of) as primary:
            row = primary.execute(FOLLOWING, [NAME]).fetchone()
    except LaunchError:
        row = None
    if not row:
        return State("waiting", address=address)
    return State("following", row[1] == "sync", row[2] or 0, address)
