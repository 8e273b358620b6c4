"""Hooks of the sign-in library: what it says, how its secrets are kept, when it locks, whether a second factor was shown."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tongban.foundation.attempts.actions import note
from tongban.foundation.kernel.secrets import close, open_

from .actions import count_wrong_password, is_locked, note_sign_in, note_sign_out
from .models import Account, Appointment
from .passwords import change_password

TOO_MANY = _("连续输错的次数太多，请15分钟后再试。工作人员急用的，请联系安全管理员解锁。")
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by our own actions, never by the library's pages; five wrong passwords lock one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用，请联系系统管理员。"),
        "enter_current_password": _("现在的密码不对，请重新填写。"),
        "incorrect_code": _("口令不对，或已经用过。请等应用里换了新的数字再填。"),
        "incorrect_password": _("密码不对，请重新填写。"),
        "rate_limited": _("操作太频繁，请过几分钟再试。"),
        "too_many_login_attempts": TOO_MANY,
        "username_password_mismatch": _("登录名或密码不对，请核对后再试。连续输错5次，账号会锁定15分钟。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **more: Any
    ) -> None:
        """The library's own greetings are in other words than ours; only what it hands over as text is shown."""
        if message:
            super().add_message(request, level, message=message)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        if is_locked(credentials.get("username", "").lower()):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = count_wrong_password(credentials.get("username", "").lower())
        note("sign_in", account_id=account, address=request.META.get("REMOTE_ADDR", ""))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Unlocking an account must open this counter as well, so the key turns with it."""
        username = credentials.get("username", "").lower()
        unlocked_at = Account.objects.filter(username=username).values_list("unlocked_at", flat=True).first()
        return f"sign-in:{username}:{unlocked_at or ''}"

    def set_password(self, user: Any, password: str) -> None:
        change_password(user, password, by_himself=True)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        note_sign_in(user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account):
            note_sign_out(request.user)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, self.error_messages["account_inactive"])
        return redirect("account_login")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted like every personal datum; staff keep at least one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("有工作岗位的账号必须保留一种二次验证方式。请先添加另一种，再停用这一种。"),
        "cannot_generate_recovery_codes": _("请先设置动态口令或通行密钥，再生成恢复码。"),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return close(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_(encrypted_text)

    def get_totp_issuer(self) -> str:
        return str(_("通办"))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("通行密钥%(number)s") % {"number": count + 1})

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=STRONG).exclude(
            pk=authenticator.pk
        )
        return others.exists() or not Appointment.objects.filter(account_id=authenticator.user_id).exists()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts need no e-mail address; what changed stands in the record of the account."""


def has_second_factor(account: Account) -> bool:
    return Authenticator.objects.filter(user=account, type__in=STRONG).exists()


def second_factor_shown(request: HttpRequest) -> bool:
    """Whether a second factor was used in this very session, be it at sign-in or later."""
    return any(step.get("method") == "mfa" for step in get_authentication_records(request, request.user))


def factors_shown(request: HttpRequest) -> tuple[str, ...]:
    """By what this session's person showed who he is, each once: `password`, and of a second factor its type."""
    steps = get_authentication_records(request, request.user)
    return tuple(dict.fromkeys(str(step.get("type") or step.get("method") or "") for step in steps))


def count_as_shown(request: HttpRequest, how: str) -> None:
    """Setting up a second factor proves that one holds it: nobody is asked for it again a moment later."""
    record_authentication(request, request.user, "mfa", type=how, reauthenticated=True)
