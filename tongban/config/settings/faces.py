"""Pages: middleware, templates, static files."""

import os

from tongban.config.launch.cluster import ROOT, home

MIDDLEWARE = [
    "tongban.web.request_log.request_log",
    "tongban.web.middleware.caller_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tongban.web.middleware.security_headers",
    "tongban.web.api.frame.api_frame",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tongban.web.middleware.downloads_are_seen",
    "tongban.web.middleware.refuse_nul",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tongban.foundation.identity.middleware.actor",
    "tongban.web.middleware.refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tongban.web.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "tongban.web.templatetags.ui"],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = home() / "static"
STATICFILES_DIRS = [ROOT / "tongban" / "web" / "static"]
CSRF_FAILURE_VIEW = "tongban.web.refusals.csrf_failed"

# How the outside reaches this site; printed in letters and QR codes.
SITE_URL = os.environ.get("TONGBAN_URL", "http://127.0.0.1:8000").rstrip("/")
