"""Coming in: registering, wrong passwords and the lock they close, sessions and ending them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import RegistrationRefused
from tongban.foundation.identity.gateways import Checked, real_name_check
from tongban.foundation.identity.models import Account, Person
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.kernel.actors import ANONYMOUS, Actor, permit
from tongban.foundation.kernel.clearing import delete_in_parts
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.lookup import find

from .persons import person_reasons, register_person
from .staff import password_reasons, username_reasons

if TYPE_CHECKING:
    from django.http import HttpRequest

REGISTERED_LEVEL = 2  # name and number agree with the register; level 3 takes a face or a counter


def _reasons_before_asking(*, username: str, password: str, again: str, **who: str) -> list[Reason]:
    reasons = [*username_reasons(username), *password_reasons(password, Account(username=username, name=who["name"]))]
    if password != again:
        reasons.append(Reason("differs", _("两次填写的密码不一样。"), "again"))
    return [*reasons, *person_reasons(**who)]


def sign_up(*, username: str, password: str, again: str, name: str, id_number: str, phone: str) -> Person:
    """Open an account for a citizen whose name and ID number the population register confirms. Every reason at once."""
    username, id_number, phone = username.strip().lower(), id_number.strip().upper(), phone.strip()
    who: dict[str, Any] = {"name": name.strip(), "id_number": id_number, "phone": phone}
    if reasons := _reasons_before_asking(username=username, password=password, again=again, **who):
        raise RegistrationRefused(reasons=reasons)
    if real_name_check().check(name=who["name"], id_number=id_number) is not Checked.SAME:
        text = _("姓名与身份证号码没有通过公安人口库核验。请核对证件；确认无误的，请带身份证到大厅办理。")
        raise RegistrationRefused(reasons=[Reason("not_confirmed", text, "id_number")])
    with transaction.atomic():
        account = Account.objects.create(username=username, password=make_password(password))
        return register_person(
            account=account, level=REGISTERED_LEVEL, name=who["name"], id_number=id_number, phone=phone
        )


def is_locked(username: str) -> bool:
    """Whether five wrong passwords in a row have closed this account for now."""
    return Account.objects.filter(username=username, locked_until__gt=now()).exists()


@transaction.atomic
def count_wrong_password(username: str) -> UUID | None:
    """One more, of this account; the fifth in a row locks it for a while. A name nobody has costs the same."""
    account = Account.objects.select_for_update().filter(username=username).first()
    if account is None:
        return None
    account.failures = F("failures") + 1
    account.save(update_fields=["failures"])
    account.refresh_from_db()
    record("identity.sign_in_failed", actor=ANONYMOUS, subject=account)
    if account.failures >= settings.LOCK_AFTER_FAILURES:
        account.failures, account.locked_until = 0, now() + settings.LOCK_FOR
        account.save(update_fields=["failures", "locked_until"])
        record("identity.account_locked", actor=ANONYMOUS, subject=account)
    return account.pk


@transaction.atomic
def note_sign_in(account: Account) -> None:
    """A right password, and the second factor where there is one: the count of wrong ones begins anew."""
    Account.objects.filter(pk=account.pk).update(failures=0, locked_until=None)
    record("identity.signed_in", actor=actor_of(account), subject=account)


@transaction.atomic
def note_sign_out(account: Account) -> None:
    record("identity.signed_out", actor=actor_of(account), subject=account)


def follow_session(request: HttpRequest, old_key: str) -> None:
    """The session has a new key; the list of sessions follows it."""
    UserSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)


@transaction.atomic
def end_own_session(*, account: Account, session_id: int) -> None:
    """Sign oneself out on another device."""
    session = find(UserSession.objects.select_for_update(), pk=session_id, user=account)
    session.end()
    record("identity.session_ended", actor=actor_of(account), subject=account)


@transaction.atomic
def end_other_sessions(*, account: Account, but: str) -> int:
    """An administrator is signed in once: where he was before, he is no longer. How many sessions ended."""
    others = list(UserSession.objects.select_for_update().filter(user=account).exclude(session_key=but))
    for session in others:
        session.end()
    if others:
        record("identity.session_ended", actor=actor_of(account), subject=account, data={"sessions": len(others)})
    return len(others)


@transaction.atomic
def end_sessions_of(*, actor: Actor, account_id: UUID) -> int:
    """The security administrator signs an account out everywhere; how many sessions ended."""
    permit(actor, "identity.manage_rights")
    account = find(Account.objects, pk=account_id)
    if account.pk == actor.account_id:
        raise NotAllowed(_("请在“账号安全”里管理自己的登录。"))
    sessions = list(UserSession.objects.select_for_update().filter(user=account))
    for session in sessions:
        session.end()
    record("identity.session_ended", actor=actor, subject=account, data={"sessions": len(sessions)})
    return len(sessions)


def forget_ended_sessions() -> int:
    """Delete sessions whose time is over, and the lines of those that are no more from people's lists of devices; how many rows."""
    gone = delete_in_parts(Session.objects.filter(expire_date__lt=now()))
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    return gone + delete_in_parts(
        UserSession.objects.filter(~Exists(live), last_seen_at__lt=now() - settings.SESSION_LONGEST)
    )
