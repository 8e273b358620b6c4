"""The sign-in library's forms for the second factor: a wrong code is kept as an attempt."""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.base import forms as library
from allauth.mfa.models import Authenticator

from tongban.foundation.attempts.actions import note


class _Noting:
    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        note("second_factor", account_id=authenticator.user_id, address=context.request.META.get("REMOTE_ADDR", ""))


class AuthenticateForm(_Noting, library.AuthenticateForm):
    """At sign-in."""


class ReauthenticateForm(_Noting, library.ReauthenticateForm):
    """In a session, before what needs it again."""
