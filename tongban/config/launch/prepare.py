"""Bring the database, the translations, the static files and the demo city up to the code; quick when nothing changed."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import LockNotAvailable

from tongban.config.launch.cluster import ROOT, home
from tongban.config.launch.faults import OLD_DATA, SERVER, LaunchError, guarded
from tongban.web.collected import forget_old_releases


def say(chinese: str, english: str) -> None:
    print(f"· {chinese} {english}", flush=True)


def check_database() -> None:
    """The server answers, and its tables were not made by a newer version of the project."""
    try:
        loader = MigrationLoader(connection)
    except OperationalError as error:
        raise LaunchError(
            "无法连接数据库，请检查 DATABASE_URL 和数据库服务。", f"The database cannot be reached: {error}", SERVER
        ) from error
    known = {config.label for config in apps.get_app_configs()}
    unknown = [key for key in loader.applied_migrations if key[0] in known and key not in loader.disk_migrations]
    if unknown:
        names = "、".join(sorted(f"{app}.{name}" for app, name in unknown)[:3])
        raise LaunchError(
            f"数据文件夹 {home()} 是用更新的版本建立的（{names}），当前版本读不了。请更新代码，或移走该文件夹重新开始。",
            f"{home()} was made by a newer version ({names}). Update the code, or move the folder away and start anew.",
            OLD_DATA,
        )


LOCK_WAIT = "900ms"  # how long a migration may stand before others who want the same table
ATTEMPTS = 60


def _patient_where_it_harms_nobody(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """What is made CONCURRENTLY waits for others without being in their way, and must not be broken off."""
    if "CONCURRENTLY" not in str(sql).upper():
        return execute(sql, params, many, context)
    execute("set lock_timeout = 0", None, False, context)
    try:
        return execute(sql, params, many, context)
    finally:
        execute(f"set lock_timeout = '{LOCK_WAIT}'", None, False, context)


def migrate() -> None:
    """Nobody waits for us longer than `LOCK_WAIT`: a migration that does not get its lock goes back and tries again."""
    say("数据库结构", "database tables")
    for left in reversed(range(ATTEMPTS)):
        with connection.cursor() as cursor:
            cursor.execute(f"set lock_timeout = '{LOCK_WAIT}'")
        try:
            with connection.execute_wrapper(_patient_where_it_harms_nobody):
                call_command("migrate", verbosity=0, interactive=False)
            break
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, LockNotAvailable):
                raise
            time.sleep(1)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("reset lock_timeout")


def compile_messages() -> None:
    """Translations for people, from `.po` to `.mo`, without gettext's own programs."""
    import polib  # noqa: PLC0415  only when a translation has changed; it saves start-up time

    for source in (ROOT / "tongban" / "locale").glob("*/LC_MESSAGES/*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            say("翻译", f"translations {source.parts[-3]}")
            polib.pofile(str(source)).save_as_mofile(str(made))


def collect_static() -> None:
    """Static files with hashed names, anew only when one changed; beside those of the release that still runs."""
    files = sorted(path for path in (ROOT / "tongban").glob("**/static/**/*") if path.is_file())
    seen = "".join(f"{path}{path.stat().st_mtime_ns}" for path in files) + (ROOT / "requirements.txt").read_text()
    stamp, now = home() / "static.stamp", hashlib.sha256(seen.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == now and Path(settings.STATIC_ROOT).exists():
        return
    say("静态文件", "static files")
    call_command("collectstatic", verbosity=0, interactive=False)
    forget_old_releases(Path(settings.STATIC_ROOT))
    stamp.write_text(now)


def load_demo() -> None:
    """The demo city, once; then the demo accounts are written down for the welcome."""
    call_command("demo", "load", once=True)
    accounts = io.StringIO()
    call_command("demo", "accounts", stdout=accounts)
    (home() / "accounts.txt").write_text(accounts.getvalue())


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    django.setup()
    check_database()
    migrate()
    compile_messages()
    collect_static()
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    if settings.DEMO_CITY:
        load_demo()
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
