"""What a password must be besides long and uncommon, and when it is too old (usual at level 3: three classes, 90 days, the last five)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.foundation.kernel.clock import now

from .models import Account
from .rules import classes_in

LEAST_CLASSES = 3
REMEMBERED = 5  # the one in use, and four before it


class SeveralClasses:
    """Of lower case, upper case, digits and other characters, three."""

    def validate(self, password: str, user: Any = None) -> None:
        if classes_in(password) < LEAST_CLASSES:
            raise ValidationError(self.get_help_text(), code="classes")

    def get_help_text(self) -> str:
        return _("密码要包含大写字母、小写字母、数字、符号中的至少三种。")


class NotUsedBefore:
    """None of the last five."""

    def validate(self, password: str, user: Any = None) -> None:
        if not isinstance(user, Account) or user._state.adding:
            return
        if any(check_password(password, former) for former in [user.password, *user.former_passwords]):
            raise ValidationError(self.get_help_text(), code="used_before")

    def get_help_text(self) -> str:
        return _("密码不能与最近5次用过的相同。")


def password_by_chance(length: int) -> str:
    """One that is handed over and changed at once: letters, digits, - and _, and of them what `SeveralClasses` asks for."""
    while classes_in(password := secrets.token_urlsafe(length)[:length]) < LEAST_CLASSES:
        pass
    return password


def change_password(account: Account, password: str, *, by_himself: bool) -> None:
    """Give an account a new password; the one before is remembered. One that somebody else chose is to be changed at once."""
    account.former_passwords = [account.password, *account.former_passwords][: REMEMBERED - 1]
    account.set_password(password)
    account.password_set_at = now() if by_himself else None
    account.save(update_fields=["password", "former_passwords", "password_set_at"])


def is_due(account: Account) -> bool:
    """Whether a member of staff has to choose a new password before he can work."""
    if not account.has_usable_password():
        return False
    since = account.password_set_at
    return since is None or since < now() - timedelta(days=settings.PASSWORD_DAYS_STAFF)
