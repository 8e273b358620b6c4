"""One town for all tests of a file: to build it costs more than to fuzz it. Whatever a test does to it is undone by the test."""

from __future__ import annotations

import logging
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
from tongban.foundation.kernel.kept import forget_kept

from .callers import connection_kept, credentials

WHO = ("system", "applicant", "clerk", "supervisor", "company", "other-system", "nobody")
NO_LIMIT = 10**9


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    kept: Path = tmp_path_factory.mktemp("files")
    limits = {name: limit._replace(calls=NO_LIMIT) for name, limit in settings.LIMITS.items()}
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=kept, LIMITS=limits),
        connection_kept(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        known_once(patch)
        yield build_town()
        transaction.set_rollback(True)
    forget_kept()


@pytest.fixture(scope="module")
def calls(town: Town) -> dict[str, dict[str, Any]]:
    """What everybody who may call the API sends along."""
    return {who: credentials(town, who) for who in WHO}


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals by the thousand are what is wanted here."""
    for name in ("django.request", "django.security.csrf"):
        caplog.set_level(logging.CRITICAL, name)
