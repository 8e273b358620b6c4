"""Hooks of the sign-in library: how its secrets are kept, what it sends, and whether a second factor was shown."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.foundation.kernel.secrets import close, open_


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by our own actions, never by the library's pages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted like every personal datum."""

    def encrypt(self, text: str) -> str:
        return close(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_(encrypted_text)

    def get_totp_issuer(self) -> str:
        return _("通办")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Said in the site's own messages, not by mail."""


def second_factor_shown(request: HttpRequest) -> bool:
    """Whether a second factor was used in this very session, be it at sign-in or later."""
    return any(step.get("method") == "mfa" for step in get_authentication_records(request, request.user))
