"""How tests differ: a cluster of their own in `.data/test` (so that `make run` is not disturbed), databases copied from a
migrated template, quick password hashing, plain static files.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("TONGBAN_HOME", str(ROOT / ".data" / "test"))
os.environ["TONGBAN_TESTING"] = "1"
# A browser that tests drive leaves its loop running in our thread, whichever test comes next there; ours is a synchronous house.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from tongban.config.launch.template import name_of_template  # noqa: E402  it reads the lines above
from tongban.config.settings import *  # noqa: E402, F403
from tongban.config.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["TEST"]["TEMPLATE"] = name_of_template()  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for a test run
