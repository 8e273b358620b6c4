"""One town for all tests here: to build it costs more than to fuzz it. Whatever a test does to it is undone by the test."""

from __future__ import annotations

import ctypes
import gc
import logging
import re
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.house.known import known_once
from tests.house.rights import Town, build_town
from tongban.data.lake.tests.factories import own_lake
from tongban.foundation.kernel.kept import forget_kept

from .callers import connection_kept, credentials, tried
from .lengths import FOUND, LONG

WHO = ("system", "applicant", "clerk", "supervisor", "company", "other-system", "nobody")
NO_LIMIT = 10**9
MOST_GROWTH = 150  # MB that the process may hold more of after a long test than before


@pytest.fixture(scope="package")
def town(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    kept: Path = tmp_path_factory.mktemp("files")
    limits = {name: limit._replace(calls=NO_LIMIT) for name, limit in settings.LIMITS.items()}
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=kept, LIMITS=limits),
        own_lake(kept / "lake"),
        connection_kept(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        known_once(patch)
        yield build_town()
        transaction.set_rollback(True)
    forget_kept()


@pytest.fixture(scope="package")
def calls(town: Town) -> dict[str, dict[str, Any]]:
    """What everybody who may call the API sends along."""
    return {who: credentials(town, who) for who in WHO}


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals by the thousand are what is wanted here."""
    for name in ("django.request", "django.security.csrf"):
        caplog.set_level(logging.CRITICAL, name)


@pytest.fixture(autouse=True)
def _does_not_grow(request: pytest.FixtureRequest) -> Iterator[None]:
    """In the long run: how often something was tried, the longest it took, and what the process held before and after."""
    if not LONG:
        yield
        return
    tried.clear()
    before = held()
    yield
    after = held()
    print(f"\n{request.node.name}: {dict(tried)}; {before} MB before, {after} MB after", flush=True)  # noqa: T201
    assert after - before <= MOST_GROWTH, f"grew by {after - before} MB"


def held() -> int:
    """Megabytes of memory that this process holds after tidying up."""
    gc.collect()
    ctypes.CDLL("").malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What a long run finds is kept as it was told, for whoever mends it."""
    if LONG and report.failed and "tests/fuzz" in report.nodeid:
        FOUND.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", report.nodeid.partition("::")[2])
        (FOUND / f"{name}{report.when}.txt").write_text(report.longreprtext)
