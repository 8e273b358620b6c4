"""A person's, or a company's, address book: only ever one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import AddressRefused
from tongban.foundation.identity.models import Address, Company, Person
from tongban.foundation.identity.rules import MOST_ADDRESSES, address_faults
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import known_divisions

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

WORDS = {
    "label": _("请写这个地址叫什么，不超过10个字。"),
    "name": _("请填写收件人，不超过40个字。"),
    "phone": _("电话应为11位手机号，或带区号的座机。"),
    "division": _("请选到乡镇或街道。"),
    "detail": _("请填写门牌号等详细地址，不超过200个字。"),
    "postcode": _("邮政编码是6位数字。"),
    "text": _("有不能使用的字符，请重新输入。"),
}


def _own_book(actor: Actor) -> models.QuerySet[Address]:
    """The acting person's or company's entries, its owner locked, so that two devices do not make two defaults."""
    permit(actor, "cases.apply", owner_id=actor.applicant_id)
    if actor.applicant_id is None:
        raise NotAllowed(verb="cases.apply")
    owners: models.QuerySet[Person] | models.QuerySet[Company] = (
        Company.objects.all() if actor.company_id else Person.objects.all()
    )
    find(owners.only("pk").select_for_update(), pk=actor.applicant_id)
    return Address.objects.filter(owner_id=actor.applicant_id)


@transaction.atomic
def keep_address(
    *, actor: Actor, address_id: UUID | str | None = None, label: str, name: str, phone: str, division: str, detail: str,
    postcode: str = "", is_default: bool = False,
) -> Address:  # fmt: skip
    """Add an entry to one's address book, or change one. The first is the default, whatever is said."""
    book = _own_book(actor)
    entry = find(book, pk=address_id) if address_id else Address(owner_id=actor.applicant_id)
    given = {"label": label, "name": name, "phone": phone, "division": division, "detail": detail, "postcode": postcode}
    given = {field: value.strip() for field, value in given.items()}
    faults = address_faults(division_is_known=bool(known_divisions([given["division"]])), **given)
    reasons = [Reason(code, WORDS[code], field) for field, code in faults]
    if not address_id and book.count() >= MOST_ADDRESSES:
        reasons.append(Reason("too_many", _("地址簿最多存20个地址，请先删去不用的。"), "label"))
    if reasons:
        raise AddressRefused(reasons=reasons)
    for field, value in given.items():
        setattr(entry, field, value)
    others = book.exclude(pk=entry.pk)
    if is_default:
        others.update(is_default=False)
    entry.is_default = is_default or not others.filter(is_default=True).exists()
    entry.changed_at = now()
    entry.save()
    record("identity.address_kept", actor=actor, subject=entry, person_id=actor.person_id)
    return entry


@transaction.atomic
def remove_address(*, actor: Actor, address_id: UUID | str) -> None:
    """Take an entry out of one's address book for good. The one changed last becomes the default in its place."""
    book = _own_book(actor)
    entry = find(book, pk=address_id)
    record("identity.address_removed", actor=actor, subject=entry, person_id=actor.person_id)
    entry.delete()
    heir = book.order_by("-changed_at").first()
    if entry.is_default and heir:
        book.filter(pk=heir.pk).update(is_default=True)
