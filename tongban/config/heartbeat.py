"""Every process says each half minute that it lives: a row in the database, and a word to systemd where it watches us."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from contextlib import suppress

import structlog
from asgiref.sync import sync_to_async
from django.db import Error, connection

from tongban.foundation.kernel.broken import what_broke
from tongban.office.operations.actions import beat

EVERY_S = 30.0
log = structlog.get_logger("tongban.heartbeat")


def tell_systemd(word: str) -> None:
    """`READY=1`, `WATCHDOG=1` (sd_notify); nothing where systemd did not start us."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(word.encode(), "\0" + address[1:] if address[0] == "@" else address)


def _beat(kind: str) -> None:
    try:
        beat(kind)
    except (Error, OSError) as error:  # the database is away: that is told by others, and the next beat comes
        log.warning("no sign of life could be left", **what_broke(error))
    finally:
        connection.close()


def beat_in_a_thread(kind: str) -> None:
    """For a web process: beside its requests, on a connection of its own that is not kept."""

    def stay() -> None:
        while True:
            _beat(kind)
            time.sleep(EVERY_S)

    threading.Thread(target=stay, name="heartbeat", daemon=True).start()


async def beat_in_the_loop(kind: str) -> None:
    """For a worker: from the loop that hands out its jobs, so that one which hangs goes silent, and systemd starts it anew."""
    tell_systemd("READY=1")
    while True:
        await sync_to_async(_beat, thread_sensitive=False)(kind)
        tell_systemd("WATCHDOG=1")
        await asyncio.sleep(EVERY_S)
