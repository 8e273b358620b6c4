"""One question to one source: an answer, or why there is none. Nothing a source does is a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

Values = Mapping[str, Mapping[str, Any]]
Source = Callable[[str, date], Values | None]


@dataclass(frozen=True)
class Answer:
    """What a source said: element → `{"value", "source", "as_of", "stale"}`; `fault` says why there is nothing to rely on."""

    values: Values = field(default_factory=dict)
    fault: str = ""


class Contradiction(Exception):
    """A register's own values cannot all be true."""


@cache
def _source(path: str) -> Source:
    return import_string(path)


def unheard() -> Answer:
    return Answer(fault="silent")


def limit() -> int:
    """How many milliseconds a source has."""
    return int(settings.DECISION_SOURCE_LIMIT_MS)


def asked(name: str, number: str, on: date) -> Answer:
    """What the source called `name` (`settings.DECISION_SOURCES`) says about a number; never raises.

    A source sees to it that it waits no longer than `limit()`; whoever answers later all the same is not believed, for then
    nobody knows what else went wrong.
    """
    path = settings.DECISION_SOURCES.get(name)
    if not path:
        return unheard()
    began = perf_counter()
    try:
        values = _answered(_source(path), number, on)
    except Contradiction:
        return Answer(fault="contradicts")
    except Exception as error:  # whatever a source may do, it must not bring the application down
        log.warning("a source of decisions is silent", extra={"source": name, "error": type(error).__name__})
        return unheard()
    if (perf_counter() - began) * 1000 > limit():
        log.warning("a source of decisions is late", extra={"source": name})
        return unheard()
    return Answer(fault="missing") if values is None else Answer(values)


def _answered(source: Source, number: str, on: date) -> Values | None:
    """Within a savepoint when there is a transaction to lose."""
    if not connection.in_atomic_block:
        return source(number, on)
    with transaction.atomic():
        return source(number, on)
