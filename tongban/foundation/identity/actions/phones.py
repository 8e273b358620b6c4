"""The phone on record of a member of staff: a forgotten password is reset through it, so nobody changes it unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import AccountRefused
from tongban.foundation.identity.models import Account, PasswordReset, PhoneChange
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.identifiers import is_mobile
from tongban.foundation.kernel.lookup import find

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

KEPT = timedelta(days=1)


@transaction.atomic
def change_phone(*, actor: Actor, account_id: UUID, phone: str) -> PhoneChange:
    """Another phone for somebody of the staff; the fact lets both the old and the new one be told. Nobody changes his own here.

    Resets of his password that were begun end: their code went to the phone before.
    """
    permit(actor, "identity.manage_accounts")
    require_proof(actor)
    account = find(Account.objects.select_for_update(), pk=account_id)
    if account.pk == actor.account_id:
        raise NotAllowed(_("不能改自己的手机号码，请由另一名管理员操作。"))
    phone, before = phone.strip(), account.phone or ""
    reasons = []
    if not is_mobile(phone):
        reasons.append(Reason("phone", _("请填写11位的手机号码。"), "phone"))
    elif phone == before:
        reasons.append(Reason("same", _("现在登记的就是这个号码。"), "phone"))
    if reasons:
        raise AccountRefused(reasons=reasons)
    account.phone = phone
    account.save(update_fields=["phone"])
    PasswordReset.objects.filter(account=account, done_at=None).update(done_at=now())
    change = PhoneChange.objects.create(account=account, before=before, changed_at=now())
    record("identity.phone_changed", actor=actor, subject=account, data={"change": str(change.pk)})
    return change


def forget_phones() -> int:
    """Delete the old numbers of more than a day ago, which have been told; how many."""
    gone, _by_model = PhoneChange.objects.filter(changed_at__lt=now() - KEPT).delete()
    return gone
