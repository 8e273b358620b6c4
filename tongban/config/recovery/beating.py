"""The backup's sign of life, in the row that operators see: what it carried last, and when the last whole backup was made."""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import suppress

import psycopg

from .store import Store, now

# The house's own table (office/operations); these commands run where no house is awake.
SAY = """
insert into operations_process (kind, host, pid, version, started_at, seen_at, data)
values ('backup', %s, 0, '', clock_timestamp(), clock_timestamp(), %s::jsonb)
on conflict (host, kind, pid) do update set seen_at = excluded.seen_at, data = operations_process.data || excluded.data
"""


def say_carried(store: Store, url: str) -> None:
    """A house that cannot be told is backed up all the same."""
    newest, room = store.newest(), shutil.disk_usage(store.folder)
    said = {
        "base": newest.name,
        "base_ended": newest.ended,
        "carried_at": now().isoformat(),
        "disk": {"backup": {"free": room.free, "total": room.total}},
    }
    with suppress(psycopg.Error), psycopg.connect(url, autocommit=True, connect_timeout=5) as server:
        server.execute(SAY, [socket.gethostname()[:64], json.dumps(said)])
