"""PostgreSQL, and nothing else."""

import os

from psycopg.conninfo import conninfo_to_dict

from tongban.config.launch import cluster


def _from_url(url: str) -> dict[str, object]:
    """Several hosts by comma, as libpq reads them, with `target_session_attrs=read-write`: the app follows whoever takes writes."""
    said = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    name = said.pop("dbname", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": said.pop("user", ""),
        "PASSWORD": said.pop("password", ""),
        "HOST": said.pop("host", ""),
        "PORT": said.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Both are off by default in Django; together they halve the server's work per query.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1, **said},
        "TEST": {"NAME": f"test_{name}" + os.environ.get("TONGBAN_TEST_SUFFIX", "")},
    }


DATABASE_URL = os.environ.get("DATABASE_URL") or cluster.url()
DATABASES = {"default": _from_url(DATABASE_URL)}
