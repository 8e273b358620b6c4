"""The state of the house at one moment: for the operators' page and, without an actor, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, TypeVar

import structlog
from cryptography import x509
from django.conf import settings
from django.db import DatabaseError

from tongban.foundation.audit.queries import count_since
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.broken import what_broke
from tongban.foundation.kernel.clock import now
from tongban.foundation.notifications.queries import post_open, post_since
from tongban.foundation.tasks.queries import Drill, Queue, last_drill, queues
from tongban.foundation.trust.queries import next_to_end
from tongban.services.payments.queries import payments_since

from .gateways import database, machine
from .models import Process

T = TypeVar("T")
log = structlog.get_logger("tongban.operations")

ALIVE_FOR = timedelta(seconds=90)  # three signs of life
SIGN_INS = timedelta(minutes=5)
OUTCOMES = timedelta(hours=1)


@dataclass(frozen=True)
class Ending:
    """A certificate, and when it ends."""

    kind: str
    algorithm: str
    subject: str
    until: datetime


@dataclass(frozen=True)
class House:
    """What was found; a part that could not be asked is empty."""

    at: datetime
    server: database.State | None
    standbys: list[database.Standby]
    archive: database.Archive | None
    queues: list[Queue]
    processes: list[Process]
    backup: Process | None
    drill: Drill | None
    endings: list[Ending]
    failed_sign_ins: int
    post: list[dict[str, Any]]
    post_outcomes: list[dict[str, Any]]
    payment_outcomes: list[dict[str, Any]]
    disks: dict[str, dict[str, int]]

    @property
    def alive(self) -> list[Process]:
        return [one for one in self.processes if one.seen_at > self.at - ALIVE_FOR and one.kind != Process.Kind.BACKUP]


def _asked(question: Callable[[], T], otherwise: T) -> T:
    """One part that cannot be asked does not hide the others."""
    try:
        return question()
    except (DatabaseError, OSError, ValueError) as error:
        log.warning("a part of the house's state cannot be asked", **what_broke(error))
        return otherwise


@cache
def version() -> str:
    """This release."""
    try:
        return settings.VERSION or installed("tongban")
    except PackageNotFoundError:
        return ""


def tls_ending() -> list[Ending]:
    """The certificate that browsers are shown, where its file is named."""
    if not settings.TLS_CERTIFICATE:
        return []
    shown = x509.load_pem_x509_certificate(Path(settings.TLS_CERTIFICATE).read_bytes())
    return [Ending("tls", "", settings.SITE_URL, shown.not_valid_after_utc)]


def _endings() -> list[Ending]:
    ours = [Ending(row.kind, row.algorithm, row.subject, row.valid_until) for row in next_to_end()]
    none: list[Ending] = []
    return sorted([*ours, *_asked(tls_ending, none)], key=lambda ending: ending.until)


def gather() -> House:
    """Ask everybody once. No actor: only /metrics, which has a lock of its own, and `house_seen` call this."""
    state = _asked(database.state, None)
    at = state.at if state else now()
    processes = list(Process.objects.order_by("host", "kind", "pid"))
    backups = [one for one in processes if one.kind == Process.Kind.BACKUP]
    return House(
        at=at,
        server=state,
        standbys=_asked(database.standbys, []),
        archive=_asked(database.archive, None),
        queues=_asked(queues, []),
        processes=processes,
        backup=max(backups, key=lambda one: one.seen_at, default=None),
        drill=_asked(last_drill, None),
        endings=_asked(_endings, []),
        failed_sign_ins=_asked(lambda: count_since("identity.sign_in_failed", at - SIGN_INS), 0),
        post=_asked(post_open, []),
        post_outcomes=_asked(lambda: post_since(at - OUTCOMES), []),
        payment_outcomes=_asked(lambda: payments_since(at - OUTCOMES), []),
        disks={"data": machine.room(settings.HOME)},
    )


def house_seen(actor: Actor) -> House:
    permit(actor, "operations.see")
    return gather()


@dataclass(frozen=True)
class Statements:
    """Where the database's time goes, and what takes long right now."""

    slowest: list[database.Statement] | None
    running: list[database.Running]
    tables: list[database.Table]


def statements_seen(actor: Actor) -> Statements:
    permit(actor, "operations.see")
    return Statements(_asked(database.slowest, None), _asked(database.running, []), _asked(database.tables, []))
