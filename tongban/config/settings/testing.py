"""How tests differ: quick password hashing, plain static files, databases copied from a migrated template."""

import os

from tongban.config.settings import *  # noqa: F403
from tongban.config.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for a test run

if template := os.environ.get("TONGBAN_TEST_TEMPLATE"):
    DATABASES["default"]["TEST"]["TEMPLATE"] = template  # type: ignore[index]
