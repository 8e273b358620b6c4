"""Staff accounts and who sits on which post: the system administrator's work. Unlocking is the security administrator's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import AccountRefused, AppointmentRefused
from tongban.foundation.identity.models import Account, Appointment
from tongban.foundation.identity.passwords import change_password
from tongban.foundation.identity.rules import roles_clash
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.identifiers import is_mobile
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import post as find_post

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

ACCOUNTS, RIGHTS = "identity.manage_accounts", "identity.manage_rights"


def password_reasons(password: str, account: Account | None = None) -> list[Reason]:
    """Every rule a password breaks, each in a sentence."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        return [Reason("password", message, "password") for message in error.messages]
    return []


def username_reasons(username: str) -> list[Reason]:
    """What is wrong with a name to sign in with."""
    if (
        not 3 <= len(username) <= 60
        or not username.isascii()
        or not username.replace("-", "").replace(".", "").isalnum()
    ):
        return [Reason("username", _("登录名用3至60个小写字母、数字、点或短横。"), "username")]
    if Account.objects.filter(username=username).exists():
        return [Reason("taken", _("这个登录名已有人用，请换一个。"), "username")]
    return []


@transaction.atomic
def open_account(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str = "",
    password_hash: str = "",
    email: str = "",
    phone: str = "",
) -> Account:
    """Open an account for a member of staff; he sets up his second factor before he can enter a post.

    `password_hash` takes over one that was checked and hashed elsewhere.
    """
    permit(actor, ACCOUNTS)
    username = username.strip().lower()
    reasons = [] if password_hash else password_reasons(password, Account(username=username, name=name))
    reasons += username_reasons(username)
    if not name.strip():
        reasons.append(Reason("missing", _("请填写姓名。"), "name"))
    if phone.strip() and not is_mobile(phone.strip()):
        reasons.append(Reason("phone", _("请填写11位的手机号码。"), "phone"))
    if reasons:
        raise AccountRefused(reasons=reasons)
    account = Account(username=username, name=name.strip(), email=email, phone=phone.strip(), level=3)
    account.password = password_hash or make_password(password)
    if not password_hash:
        account.password_set_at = None  # chosen by another
    account.save()
    record("identity.account_opened", actor=actor, subject=account)
    return account


@transaction.atomic
def set_account_in_use(*, actor: Actor, account_id: UUID, is_active: bool) -> Account:
    """Close an account or open it again. Nobody closes his own."""
    permit(actor, ACCOUNTS)
    account = find(Account.objects.select_for_update(), pk=account_id)
    if account.pk == actor.account_id:
        raise NotAllowed(_("不能停用自己的账号，请由另一名管理员操作。"))
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    record("identity.account_changed", actor=actor, subject=account, data={"is_active": is_active})
    return account


@transaction.atomic
def set_password(*, actor: Actor, account_id: UUID, password: str) -> Account:
    """Give somebody who forgot his a new password for the first time; his sessions end, his second factor stays."""
    permit(actor, ACCOUNTS)
    require_proof(actor)
    account = find(Account.objects.select_for_update(), pk=account_id)
    if account.pk == actor.account_id:
        raise NotAllowed(_("请在“账号安全”里修改自己的密码。"))
    if reasons := password_reasons(password, account):
        raise AccountRefused(reasons=reasons)
    change_password(account, password, by_himself=False)
    record("identity.password_set", actor=actor, subject=account)
    return account


@transaction.atomic
def unlock(*, actor: Actor, account_id: UUID) -> Account:
    """Let somebody who typed five wrong passwords try again at once."""
    permit(actor, RIGHTS)
    account = find(Account.objects.select_for_update(), pk=account_id)
    account.failures, account.locked_until, account.unlocked_at = 0, None, now()
    account.save(update_fields=["failures", "locked_until", "unlocked_at"])
    record("identity.account_unlocked", actor=actor, subject=account)
    return account


@transaction.atomic
def appoint(
    *, actor: Actor, account_id: UUID, post_id: UUID, starts_on: date | None = None, ends_on: date | None = None
) -> Appointment:
    """Seat an account on a post. The three administrators' posts exclude each other and every other post."""
    permit(actor, ACCOUNTS)
    require_proof(actor)
    account = find(Account.objects.select_for_update(), pk=account_id)
    post, starts_on = find_post(post_id), starts_on or today()
    open_seats = Appointment.objects.filter(account=account, ended_at=None).exclude(ends_on__lt=today())
    held = list(open_seats.values_list("post_id", "post__role"))
    reasons = []
    if account.pk == actor.account_id:
        reasons.append(Reason("self", _("不能给自己任职，请由另一名管理员操作。"), "account"))
    if post.pk in {pk for pk, _role in held}:
        reasons.append(Reason("already", _("此人已在这个岗位上。"), "post"))
    if roles_clash({role for _pk, role in held} | {post.role}):
        text = _("系统、安全、审计三员须由不同的人担任，也不能兼任其他岗位。")
        reasons.append(Reason("separated", text, "post"))
    if not post.is_active:
        reasons.append(Reason("closed", _("这个岗位已停用，请另选。"), "post"))
    if ends_on is not None and ends_on < starts_on:
        reasons.append(Reason("ends", _("任职的最后一天不能早于第一天。"), "ends_on"))
    if reasons:
        raise AppointmentRefused(reasons=reasons)
    # One that ran out by its last day makes room for its successor.
    Appointment.objects.filter(account=account, post=post, ended_at=None).update(ended_at=now())
    seated = Appointment.objects.create(
        account=account, post=post, starts_on=starts_on, ends_on=ends_on,
        appointed_by_id=actor.account_id if actor.kind == "staff" else None,
    )  # fmt: skip
    record("identity.appointed", actor=actor, subject=account, data={"post": str(post.pk), "role": post.role})
    return seated


@transaction.atomic
def end_appointment(*, actor: Actor, appointment_id: UUID) -> Appointment:
    """Take somebody off a post; from this moment he has no rights from it."""
    permit(actor, ACCOUNTS)
    seated = find(Appointment.objects.select_for_update(of=("self",)).select_related("account"), pk=appointment_id)
    if seated.ended_at is None:
        seated.ended_at = now()
        seated.save(update_fields=["ended_at"])
        record("identity.appointment_ended", actor=actor, subject=seated.account, data={"post": str(seated.post_id)})
    return seated
