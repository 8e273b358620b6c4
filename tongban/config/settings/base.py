"""Which rooms the house has, where it lies, which languages it speaks."""

import os
from pathlib import Path

from tongban.config.launch.cluster import ROOT, home

HOME = home()
DEBUG = os.environ.get("TONGBAN_DEBUG", "") == "1"
# Whether `make run` loads the demo city (示例): never in production.
DEMO_CITY = os.environ.get("TONGBAN_DEMO", "1") == "1"
# A real city: what must not be there keeps it from starting (config/production.py).
PRODUCTION = os.environ.get("TONGBAN_PRODUCTION", "") == "1"
# The file of the public key that releases are signed with; empty: a manifest is believed (config/integrity.py).
RELEASE_KEY = os.environ.get("TONGBAN_RELEASE_KEY", "")
# Where the real data sets made by others lie, if they do (docs/operations.md).
DATA_FOLDER = Path(os.environ.get("TONGBAN_DATA", ROOT.parent / "shared" / "data"))

FOUNDATION = [
    "audit",
    "trust",
    "credentials",
    "seals",
    "organisations",
    "attempts",
    "months",
    "identity",
    "clocks",
    "files",
    "tasks",
    "notifications",
    "layouts",
    "letters",
    "drafting",
]
DATA = ["registries", "catalogue", "lake", "gathering", "standards", "lineage", "quality", "topics", "places"]
SERVICES = ["items", "forms", "payments", "licences", "decisions", "cases", "evaluation", "authoring", "verification"]
OFFICE = ["supervision", "operations", "threats"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *[f"tongban.foundation.{room}" for room in FOUNDATION],
    *[f"tongban.data.{room}" for room in DATA],
    *[f"tongban.services.{room}" for room in SERVICES],
    *[f"tongban.office.{room}" for room in OFFICE],
    "tongban.web",
    "tongban.demo",
    # After the rooms, so that our templates stand before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

ROOT_URLCONF = "tongban.config.urls"
WSGI_APPLICATION = "tongban.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "tongban" / "locale"]

# The city this installation serves: a 12-digit division.
CITY_DIVISION = os.environ.get("TONGBAN_CITY", "511602000000")
