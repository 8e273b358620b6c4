"""Accounts, sign-in, second factors, sessions (django-allauth)."""

import os
from datetime import timedelta

from .security import HTTPS

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {"NAME": "tongban.foundation.identity.passwords.SeveralClasses"},
    {"NAME": "tongban.foundation.identity.passwords.NotUsedBefore"},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["username", "name"]}},
]

LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/account/enter/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tongban.foundation.identity.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False

MFA_ADAPTER = "tongban.foundation.identity.sign_in.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "tongban.foundation.identity.forms.AuthenticateForm",
    "reauthenticate": "tongban.foundation.identity.forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds either way, for clocks that are a little off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost; browsers refuse passkeys on any other plain-HTTP host

# Which gateway confirms that a name and an ID number belong together.
REAL_NAME_CHECK = os.environ.get("TONGBAN_REAL_NAME_CHECK", "tongban.foundation.identity.gateways.PretendRealNameCheck")

# How long a session may lie idle before it ends.
IDLE_STAFF = timedelta(minutes=int(os.environ.get("TONGBAN_IDLE_STAFF_MINUTES", "30")))
IDLE_ADMINISTRATOR = timedelta(minutes=int(os.environ.get("TONGBAN_IDLE_ADMINISTRATOR_MINUTES", "10")))
IDLE_CITIZEN = timedelta(hours=2)
# However busy it is.
SESSION_LONGEST = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
# After so many days staff choose a new password.
PASSWORD_DAYS_STAFF = int(os.environ.get("TONGBAN_PASSWORD_DAYS", "90"))

# Counters of attempts and used one-time codes must hold across processes, so they live in the database.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "identity_shared_cache"},
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
