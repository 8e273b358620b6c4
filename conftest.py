"""Tests run on the project's own PostgreSQL unless DATABASE_URL names another."""

import os

from django.conf import settings

from tongban.config.launch import cluster

if not os.environ.get("DATABASE_URL"):
    cluster.start()


def pytest_configure() -> None:
    """Pages under test name their static files plainly; hashed names need `collectstatic`, which `make run` does."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
