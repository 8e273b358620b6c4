"""A forgotten password: name, number and phone, then a code sent to that phone, then, whoever has one, the second factor.

Whoever asks is told the same and made to wait the same, whether there is such an account or not.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import ResetRefused
from tongban.foundation.identity.models import Account, PasswordReset, Person
from tongban.foundation.identity.passwords import change_password
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.identity.rules import CODE_LASTS, MOST_TRIES
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index

from .staff import password_reasons

if TYPE_CHECKING:
    from uuid import UUID

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def _named(number: str, name: str, phone: str) -> Account | None:
    """The account in use of whoever these three agree about: ID number or sign-in name, name, phone on record."""
    is_his = Q(id_index=blind_index(number)) | Q(account__username=number.lower())
    person = Person.objects.select_related("account").filter(is_his).first()
    account = Account.objects.filter(username=number.lower()).first()
    account = (person.account if person else account) or Account()
    known = (person.name, person.phone) if person else (account.name, account.phone or "")
    same = constant_time_compare("\n".join(known), f"{name}\n{phone}")
    return account if same and phone and account.is_active and not account._state.adding else None


@transaction.atomic
def ask_reset(*, number: str, name: str, phone: str) -> PasswordReset:
    """Begin: the fact wakes the task that sends the code, if there is somebody to send it to."""
    account = _named(number.strip(), name.strip(), phone.strip())
    code = f"{secrets.randbelow(10**6):06}"
    asked = PasswordReset.objects.create(account=account, code=code, asked_at=now())
    record("identity.reset_asked", actor=ANONYMOUS, subject=f"reset:{asked.pk}")
    return asked


def show_code(*, reset_id: UUID, code: str) -> PasswordReset:
    """The code that came by SMS. Wrong, too old, tried too often or nobody's: one sentence for all of them."""
    with transaction.atomic():
        asked = find(PasswordReset.objects.select_for_update(), pk=reset_id)
        usable = asked.tries < MOST_TRIES and asked.done_at is None and now() - asked.asked_at < CODE_LASTS
        right = constant_time_compare(asked.code, code.strip()) and asked.account_id is not None
        if usable and right:
            asked.shown_at = now()
        else:
            asked.tries += 1
        asked.save(update_fields=["tries", "shown_at"])
    if not (usable and right):
        text = _("验证码不对，或者已经过期。输错5次或者超过10分钟，请重新获取。")
        raise ResetRefused(reasons=[Reason("identity.wrong_code", text, "code")])
    return asked


def needs_second_factor(asked: PasswordReset) -> bool:
    """Whoever has a second factor shows it here as well: a phone alone opens none of those accounts."""
    return Authenticator.objects.filter(user=asked.account_id).exists()


@transaction.atomic
def reset_password(*, reset_id: UUID, password: str, again: str, factor: str = "") -> Account:
    """The new password. Every session of the account ends, a lock is opened, and he is told."""
    asked = find(PasswordReset.objects.select_for_update(), pk=reset_id)
    if (
        asked.shown_at is None
        or asked.done_at is not None
        or now() - asked.shown_at > CODE_LASTS
        or not asked.account_id
    ):
        raise ResetRefused(_("这次重设已经过期，请从头再来。"))
    account = Account.objects.select_for_update().get(pk=asked.account_id)
    reasons = password_reasons(password, account)
    if password != again:
        reasons.append(Reason("differs", _("两次填写的密码不一样。"), "again"))
    reasons += [] if reasons else _factor_faults(asked, account, factor)  # a one-time code is used up by looking at it
    if reasons:
        raise ResetRefused(reasons=reasons)
    change_password(account, password, by_himself=True)
    Account.objects.filter(pk=account.pk).update(failures=0, locked_until=None, unlocked_at=now())
    asked.done_at = now()
    asked.save(update_fields=["done_at"])
    sessions = list(UserSession.objects.select_for_update().filter(user=account))
    for session in sessions:
        session.end()
    record("identity.password_reset", actor=actor_of(account), subject=account, data={"sessions": len(sessions)})
    return account


def _factor_faults(asked: PasswordReset, account: Account, factor: str) -> list[Reason]:
    """A post, which is never without a second factor, and whoever set one up for himself."""
    if not needs_second_factor(asked):
        if account.appointments.filter(ended_at=None).exists():
            return [Reason("identity.no_factor", _("工作人员没有设置二次验证的，请由系统管理员当面重设。"), "factor")]
        return []
    held = Authenticator.objects.filter(user=account, type__in=SECOND_FACTORS)
    if any(one.wrap().validate_code(factor.strip()) for one in held):
        return []
    return [Reason("identity.wrong_factor", _("动态口令或恢复码不对。没有带手机的，请带身份证到大厅重设。"), "factor")]


def forget_resets() -> int:
    """Delete what was begun more than a day ago; how many."""
    gone, _by_model = PasswordReset.objects.filter(asked_at__lt=now() - 144 * CODE_LASTS).delete()
    return gone
