"""Everybody who may call the API, as the real application sees them: by key, by session with its CSRF token, or by nothing."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import Client

from tests.house.rights import Town
from tongban.foundation.identity.tests.factories import sign_in

APP = WSGIHandler()
TOKEN = "a" * 32
CPU_SECONDS = 20  # of one call; of the processor's time, so that a busy machine does not matter
DATABASE_SECONDS = 20
tried = Counter[str]()  # how often something was tried, and the longest it took


class Hangs(BaseException):
    """A call went on and on. No `except Exception` of ours swallows it."""


def credentials(town: Town, who: str) -> dict[str, Any]:
    """What somebody sends along with each call."""
    if who in town.keys:
        return {"headers": {"Authorization": f"Bearer {town.keys[who]}"}}
    if who not in town.actors:
        return {}
    signed_in = sign_in(Client(), town.actors[who])
    cookies = {settings.SESSION_COOKIE_NAME: signed_in.session.session_key, settings.CSRF_COOKIE_NAME: TOKEN}
    return {"cookies": cookies, "headers": {"X-CSRFToken": TOKEN}}


@contextmanager
def connection_kept() -> Iterator[None]:
    """The application would close the connection between two requests, and with it what the test has built."""
    for signal_ in (request_started, request_finished):
        signal_.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal_ in (request_started, request_finished):
            signal_.connect(close_old_connections)


@contextmanager
def undone() -> Iterator[None]:
    """What is done in here is undone, and neither the processor nor the database may be at it for ever."""
    with transaction.atomic(), at_most(CPU_SECONDS):
        with connection.cursor() as cursor:
            cursor.execute(f"set local statement_timeout = '{DATABASE_SECONDS}s'")
        yield
        transaction.set_rollback(True)


@contextmanager
def at_most(cpu_seconds: float) -> Iterator[None]:
    def stop(*_args: object) -> None:
        raise Hangs(f"more than {cpu_seconds} seconds of the processor")

    before, began = signal.signal(signal.SIGPROF, stop), process_time()
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        tried["times"] += 1
        tried["longest, in ms"] = max(tried["longest, in ms"], round((process_time() - began) * 1000))
