"""How a room's `tasks.py` names its tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import TongbanError, Unavailable

from .rules import wait_before_retry

F = TypeVar("F", bound=Callable[..., Any])


class Patience(BaseRetryStrategy):
    """Try again for three days, ever more slowly: longer than the longest outage a job must survive.

    What a rule refuses will be refused again, so it fails at once, where an operator sees it.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, TongbanError) and not isinstance(exception, Unavailable):
            return None
        wait = wait_before_retry(job.attempts)
        return None if wait is None else RetryDecision(retry_at=now() + timedelta(seconds=wait))


def task(name: str) -> Callable[[F], F]:
    """Register a task under a name such as `cases.greet`. It takes ids as keywords and may run twice harmlessly."""

    def register(function: F) -> F:
        app.task(name=name, retry=Patience(), queue="default")(function)
        return function

    return register


def periodic(name: str, cron: str) -> Callable[[F], F]:
    """Register a task without arguments that also runs by the clock; `cron` is in UTC. Only one waits at a time."""

    def register(function: F) -> F:
        def run(timestamp: int = 0) -> None:
            function()

        registered = app.task(name=name, retry=False, queue="default", queueing_lock=name)(run)
        app.periodic(cron=cron)(registered)
        return function

    return register


def registered() -> dict[str, Any]:
    """Every task by name."""
    return dict(app.tasks)
