"""PostgreSQL, and nothing else."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from tongban.config.launch import cluster


def _from_url(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Both are off by default in Django; together they halve the server's work per query.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1, **query},
        "TEST": {"NAME": "test_" + parts.path.lstrip("/") + os.environ.get("TONGBAN_TEST_SUFFIX", "")},
    }


DATABASE_URL = os.environ.get("DATABASE_URL") or cluster.url()
DATABASES = {"default": _from_url(DATABASE_URL)}
