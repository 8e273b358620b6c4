"""Changing the codes of a draft: one by one, or all of them from a file."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.standards.errors import StandardRefused, TableUnusable
from tongban.data.standards.gateways import lines_of, put_values
from tongban.data.standards.models import CodeValue, Version
from tongban.data.standards.rules import Code, code_faults, codes_of
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.unseen import seen

from .drafts import draft

FAULTS = {
    "no_header": _("第一行要有“代码”和“名称”两列的名字。"),
    "too_many": _("代码太多了，最多 %(most)s 个。"),
    "empty": _("文件里没有代码。"),
    "incomplete": _("第 %(number)s 个缺代码或者名称。"),
    "too_long": _("第 %(number)s 个“%(code)s”太长了。"),
    "twice": _("第 %(number)s 个“%(code)s”重复了。"),
    "own_parent": _("第 %(number)s 个“%(code)s”的上级是它自己。"),
}


@transaction.atomic
def import_values(*, actor: Actor, version_id: UUID, name: str, data: bytes) -> Version:
    """All codes of a file in place of the draft's. Raises `TableUnusable` with everything wrong in it; then nothing is changed."""
    version = draft(actor, version_id)
    codes, faults = codes_of(lines_of(name, data))
    if faults:
        raise TableUnusable(reasons=[Reason(code, FAULTS[code] % details, "file") for code, details in faults])
    put_values(version.pk, codes)
    return _noted(actor, version, len(codes))


@transaction.atomic
def put_value(*, actor: Actor, version_id: UUID, code: str, name: str, parent: str = "", note: str = "") -> Version:
    """One code, new or said otherwise."""
    version = draft(actor, version_id)
    one = Code(seen(code), seen(name), seen(parent), seen(note))
    faults = code_faults([one])
    if faults:
        raise StandardRefused(reasons=[Reason(fault, FAULTS[fault] % told, "code") for fault, told in faults])
    CodeValue.objects.update_or_create(
        version=version, code=one.code, defaults={"name": one.name, "parent": one.parent, "note": one.note}
    )
    return _noted(actor, version, version.values.count())


@transaction.atomic
def drop_value(*, actor: Actor, version_id: UUID, code: str) -> Version:
    """One code less; one that is not there changes nothing."""
    version = draft(actor, version_id)
    version.values.filter(code=code).delete()
    return _noted(actor, version, version.values.count())


def _noted(actor: Actor, version: Version, count: int) -> Version:
    version.values_count, version.drafted_by = count, actor.account_id
    version.save(update_fields=["values_count", "drafted_by"])
    record(
        "standards.codes_changed", actor=actor, subject=f"standard:{version.standard_id}",
        data={"version": version.version, "codes": count},
    )  # fmt: skip
    return version
