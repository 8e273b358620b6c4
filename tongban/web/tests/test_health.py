"""Live and ready: cheap to ask, and true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from tongban.web.health import migrations_of_the_code


def test_alive_asks_the_database_nothing(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


def test_the_names_of_the_files_are_the_migrations_there_are() -> None:
    assert migrations_of_the_code() == set(MigrationLoader(None).disk_migrations)


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.mark.django_db
def test_ready_takes_two_queries(client: Client, files: Path, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_a_database_behind_the_code_is_not_ready(client: Client, files: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'audit' and name = '0002_guards'")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "migrations": False, "files": True}


@pytest.mark.django_db
def test_a_database_ahead_of_the_code_is_ready(client: Client, files: Path) -> None:
    """In the middle of an upgrade the old release goes on beside the new tables."""
    with connection.cursor() as cursor:
        cursor.execute("insert into django_migrations (app, name, applied) values ('audit', '0999_later', now())")
    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_without_its_file_store_it_is_not_ready(client: Client, files: Path) -> None:
    files.rmdir()
    assert client.get("/health/ready").json()["checks"]["files"] is False
