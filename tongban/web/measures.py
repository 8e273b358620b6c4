"""What this web process counts of its own work, for Prometheus. Labels are routes as they are written in the code, never paths."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from prometheus_client import Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

REQUESTS = Counter("tongban_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("tongban_request_seconds", "Time to answer a request", ["route"], buckets=BUCKETS)
DATABASE_SECONDS = Counter("tongban_database_seconds", "Time requests spent in the database", ["route"])
STATEMENTS = Counter("tongban_database_statements", "Statements requests sent to the database", ["route"])


class Spent:
    """What one request spends in the database: `with connection.execute_wrapper(spent)`."""

    __slots__ = ("seconds", "statements")

    def __init__(self) -> None:
        self.seconds, self.statements = 0.0, 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            self.seconds += time.perf_counter() - began
            self.statements += 1


def count(*, method: str, route: str, status: int, seconds: float, spent: Spent) -> None:
    """One answered request. An address that leads nowhere has no route."""
    route = route or "none"
    REQUESTS.labels(method if method in METHODS else "other", route, status).inc()
    SECONDS.labels(route).observe(seconds)
    DATABASE_SECONDS.labels(route).inc(spent.seconds)
    STATEMENTS.labels(route).inc(spent.statements)
