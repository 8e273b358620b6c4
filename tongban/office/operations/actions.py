"""Saying that one lives, and forgetting those who no longer do."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from django.conf import settings

from tongban.foundation.kernel.clock import now

from .gateways import database, machine
from .models import Process
from .queries import version

SILENT_AFTER = timedelta(days=1)
STARTED = now()
SAID = ["version", "started_at", "seen_at", "data"]


def _by_the_database() -> tuple[datetime, float]:
    """The database's time, and how far ours is from it, in milliseconds: half of the way there and back is allowed for."""
    before = now()
    theirs = database.clock()
    return theirs, round((before + (now() - before) / 2 - theirs).total_seconds() * 1000, 1)


def beat(kind: str) -> None:
    """This process lives: one row, with what it and its machine are like now."""
    seen_at, skew_ms = _by_the_database()
    data = {
        "resident_bytes": machine.resident_bytes(),
        "disk": {"data": machine.room(settings.HOME)},
        "clock": {"skew_ms": skew_ms, **machine.clock()},
    }
    row = Process(
        kind=kind, host=socket.gethostname()[:64], pid=os.getpid(),
        version=version(), started_at=STARTED, seen_at=seen_at, data=data,
    )  # fmt: skip
    Process.objects.bulk_create([row], update_conflicts=True, unique_fields=["host", "kind", "pid"], update_fields=SAID)


def forget_silent() -> int:
    """Forget processes that have said nothing for a day; how many. What the backup carried last is never forgotten."""
    silent = Process.objects.filter(seen_at__lt=now() - SILENT_AFTER).exclude(kind=Process.Kind.BACKUP)
    return silent.delete()[0]
