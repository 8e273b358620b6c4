"""Dynamic codes, passkeys and recovery codes: the sign-in library's views in our frame, each with its audience."""

from __future__ import annotations

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from tongban.foundation.identity.models import Account
from tongban.foundation.identity.sign_in import count_as_shown, has_second_factor
from tongban.foundation.kernel.pages import ACCOUNT, PUBLIC, View, audience


def setting_up(view: View, how: str) -> View:
    """The first second factor one sets up counts as shown in this session."""

    def set_up(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        account: Account = request.user  # type: ignore[assignment]
        had = has_second_factor(account)
        response = view(request, *args, **kwargs)
        if request.method == "POST" and not had and has_second_factor(account):
            count_as_shown(request, how)
        return response

    return set_up


@audience(ACCOUNT)
def to_security(request: HttpRequest) -> HttpResponse:
    """The library has lists of its own; ours is the page on the account's safety."""
    return redirect("security")


own = audience(ACCOUNT)
anybody = audience(PUBLIC)
urlpatterns = [
    path("2fa/", to_security, name="mfa_index"),
    path("2fa/authenticate/", anybody(base.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", own(base.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", own(setting_up(totp.activate_totp, "totp")), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", own(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/passkeys/", to_security, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", own(setting_up(webauthn.add_webauthn, "webauthn")), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", anybody(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("2fa/passkeys/reauthenticate/", own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]
