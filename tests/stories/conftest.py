"""Stories walk through the whole house as people do: a real server, a real database with the demo city, a real browser."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser
from psycopg.sql import SQL, Identifier

from tongban.config.launch import cluster
from tongban.config.launch.template import name_of_template
from tongban.web.collected import Collected

from .looker import WIDE
from .people import Visitor

ROOT = Path(__file__).resolve().parents[2]
LOCK = 0x7A68
RUNNING = os.environ.get("TONGBAN_STORIES_AT", "")  # a house that runs already, for writing stories: its address


def _as_in_life(url: str) -> dict[str, str]:
    own = {"DATABASE_URL": url, "TONGBAN_DEBUG": "", "DJANGO_SETTINGS_MODULE": "tongban.config.settings"}
    return {**os.environ, **own, "TONGBAN_GATHERING_INSIDE": "1"}  # departments' servers lie on this machine, too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "meet" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def _digest() -> str:
    """Changes whenever the demo city would come out differently."""
    found = hashlib.sha256(name_of_template().encode())
    for path in sorted((ROOT / "tongban").rglob("*")):
        if path.suffix in {".yaml", ".typ"} or (path.suffix == ".py" and {"demo", "actions"} & set(path.parts)):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _at(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def run_in(url: str, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], env=_as_in_life(url), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def _city(url: str, server: psycopg.Connection) -> str:
    """The database with the demo city, loaded once for each state of the code; every run works on a copy."""
    name = f"city_{_digest()}"
    names = [row[0] for row in server.execute("select datname from pg_database")]
    if name in names:
        return name
    for old in names:
        if old.startswith("city_"):
            server.execute(SQL("drop database if exists {} with (force)").format(Identifier(old)))
    template = Identifier(name_of_template())
    building = f"city_building_{os.getpid()}"
    server.execute(SQL("create database {} template {}").format(Identifier(building), template))
    run_in(_at(url, building), "tongban", "demo", "load")
    server.execute(SQL("alter database {} rename to {}").format(Identifier(building), Identifier(name)))
    return name


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    url = os.environ.get("DATABASE_URL") or cluster.url()
    mine = f"stories_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("select pg_advisory_lock(%s)", [LOCK])
        source = _city(url, server)
        server.execute(SQL("create database {} template {}").format(Identifier(mine), Identifier(source)))
        if (
            not (cluster.home() / "static" / Collected.manifest_name).exists()
            or "PYTEST_XDIST_WORKER" not in os.environ
        ):
            run_in(url, "tongban", "collectstatic", "--noinput", "--clear", "-v0")
        server.execute("select pg_advisory_unlock(%s)", [LOCK])
        yield _at(url, mine)
        server.execute(SQL("drop database {} with (force)").format(Identifier(mine)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Web and worker as `make run` starts them, on a port of their own; yields the address."""
    if RUNNING:
        yield RUNNING
        return
    database = request.getfixturevalue("database")
    port = _free_port()
    log = (tmp_path_factory.mktemp("house") / "log").open("w+")
    serve = ("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1")
    web = (*serve, "--blocking-threads", "4", "tongban.config.wsgi:application")
    running = [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=_as_in_life(database),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        for command in (web, ("-m", "tongban.config.worker"))
    ]
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, running[0], log)
        yield address
    finally:
        for process in running:
            _stop(process)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: TextIO) -> None:
    patience = time.monotonic() + 120
    while time.monotonic() < patience:
        try:
            urllib.request.urlopen(f"{address}/health/live", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
        assert process.poll() is None, Path(log.name).read_text()
    pytest.fail(f"no answer: {Path(log.name).read_text()[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask, then insist: the server and the children it started."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


Meet = Callable[..., Visitor]


@pytest.fixture(scope="session")
def signed_in() -> dict[tuple[str, str], Any]:
    """Who has signed in already, by name and capacity: a second factor's code works once, so nobody signs in twice."""
    return {}


@pytest.fixture
def meet(house: str, browser: Browser, signed_in: dict[tuple[str, str], Any]) -> Iterator[Meet]:
    """`meet("lihua")` is a visitor with a browser of his own; `width`, `care` and `scripts` say how he looks at pages."""
    met: list[Visitor] = []

    def arrive(
        name: str = "", *, capacity: str = "", width: int = WIDE, care: bool = False, scripts: bool = True
    ) -> Visitor:
        known = signed_in.get((name, capacity)) if name else None
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            base_url=house,
            java_script_enabled=scripts,
            storage_state=known,
        )
        context.set_default_timeout(10_000)
        if care:
            context.add_cookies([{"name": "tongban_care", "value": "on", "url": house}])
        visitor = Visitor(context.new_page(), name)
        met.append(visitor)
        if name and not known:
            visitor.sign_in(capacity)
            signed_in[name, capacity] = context.storage_state()
        return visitor

    yield arrive
    for visitor in met:
        visitor.page.context.close()
    complaints = [line for visitor in met for line in visitor.complaints]
    assert not complaints, complaints
