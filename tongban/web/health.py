"""Whether this process lives, and whether it can serve: for load balancers and `make run`."""

import os
import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from tongban.foundation.kernel.pages import PUBLIC, audience


@audience(PUBLIC)
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked, so that a slow database does not get it killed."""
    return JsonResponse({"status": "ok"})


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone())


@cache
def migrations_of_the_code() -> frozenset[tuple[str, str]]:
    """Every migration of this release by its file; none is imported, for only their names are asked."""
    found = set()
    for config in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(config.label)
        try:
            folder = import_module(module or "").__path__
        except (ImportError, ValueError, AttributeError):
            continue
        found |= {(config.label, file.name) for file in pkgutil.iter_modules(folder) if file.name[0] not in "_~"}
    return frozenset(found)


def _migrations() -> bool:
    """Every migration of this release has been applied; the database may be ahead, as it is in the middle of an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute("select app, name from django_migrations")
        return migrations_of_the_code() <= set(cursor.fetchall())


def _files() -> bool:
    """Asking for any name fails when the store is not there; a local folder must exist and take files."""
    default_storage.exists("ready")
    try:
        folder = Path(default_storage.path(""))
    except NotImplementedError:
        return True
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


CHECKS = {"database": _database, "migrations": _migrations, "files": _files}


def _passes(name: str) -> bool:
    try:
        return CHECKS[name]()
    except (Error, OSError):
        return False


@audience(PUBLIC)
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers, its tables fit the code, the file store is there. 503 names what does not, and no more."""
    checks = {name: _passes(name) for name in CHECKS}
    status = "ok" if all(checks.values()) else "unavailable"
    return JsonResponse({"status": status, "checks": checks}, status=200 if status == "ok" else 503)


urlpatterns = [path("health/live", live), path("health/ready", ready)]
