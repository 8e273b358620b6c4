"""Before any test: the tests' own PostgreSQL cluster runs, holds the template that test databases are copied from, and
the English catalogue is compiled."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as made_up
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from tongban.config.launch import cluster, template
from tongban.foundation.kernel.kept import forget_kept
from tongban.foundation.trust.gateways import keyring

# How much Hypothesis makes up: little in every run, which is another each time, and much by `TONGBAN_FUZZING=long`.
made_up.register_profile("short", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
made_up.register_profile("long", made_up.get_profile("short"), max_examples=5000, print_blob=True)
made_up.load_profile(os.environ.get("TONGBAN_FUZZING", "short"))


def pytest_configure() -> None:
    assert settings.DATABASES  # read first: the settings of tests say where their cluster lies
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if not os.environ.get("DATABASE_URL"):
        cluster.start()
        fonts = cluster.home() / "fonts"
        if not fonts.is_symlink():
            fonts.symlink_to(cluster.ROOT / ".data" / "fonts")
    _run("tongban.config.launch.template", template.name_of_template())
    _run("tongban", "language", "compile")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks the database is marked `database`, however it comes to it."""
    for item in items:
        asks = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
        if asks or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A browser that was started leaves its event loop running in this thread; only tests that drive it see that.

    From the first fixture to the last, for Django keeps one connection for threads with a loop and another for those without.
    """
    loop = None if "browser" in getattr(item, "fixturenames", ()) else asyncio._get_running_loop()
    if loop:
        asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        if loop and not loop.is_closed():
            asyncio._set_running_loop(loop)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What one test's database answered is not kept for the next, nor the keys of its rows, nor its language."""
    forget_kept()
    keyring.take_off()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_jobs_left(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django empties its own tables after a test that commits; those of the queue are not among them."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a test process: Playwright starts no second one beside it."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"  # the first does half the work
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        loop = asyncio._get_running_loop()
        yield started
        asyncio._set_running_loop(loop)  # the last test may have been one that does not see it
        started.close()


def _run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=cluster.ROOT)
    assert done.returncode == 0, done.stderr
