"""Whether this process lives, and whether it can serve: for load balancers and `make run`."""

from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
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


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _files() -> bool:
    """Asking for any name fails when the store is not there; a local folder must exist."""
    default_storage.exists("ready")
    return not isinstance(default_storage, FileSystemStorage) or Path(default_storage.location).is_dir()


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
