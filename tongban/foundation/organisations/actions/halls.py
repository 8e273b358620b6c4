"""Halls and their windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.errors import OrganisationRefused
from tongban.foundation.organisations.models import Division, Hall, Window
from tongban.foundation.organisations.rules import MANAGE, pinyin_of

from .typed import typed_reasons

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

HALL_FIELDS = ("name", "address", "hours", "phone", "is_active")


def _hall_reasons(fields: dict[str, Any], but: UUID | None = None) -> list[Reason]:
    needed = {"name": _("大厅名称"), "address": _("地址"), "hours": _("开放时间")}
    reasons = typed_reasons(Hall, fields, needed)
    if Hall.objects.filter(name=fields.get("name", "")).exclude(pk=but).exists():
        reasons.append(Reason("taken", _("已有同名大厅，请换一个名称。"), "name"))
    return reasons


@transaction.atomic
def add_hall(*, actor: Actor, division: str, **fields: Any) -> Hall:
    """Open a hall; `fields` are `HALL_FIELDS`."""
    permit(actor, MANAGE)
    if reasons := _hall_reasons(fields):
        raise OrganisationRefused(reasons=reasons)
    hall = Hall.objects.create(
        division=find(Division.objects, code=division), pinyin=pinyin_of(fields["name"]), **fields
    )
    record("organisations.hall_added", actor=actor, subject=hall)
    return hall


@transaction.atomic
def change_hall(*, actor: Actor, hall_id: UUID, **fields: Any) -> Hall:
    permit(actor, MANAGE)
    hall = find(Hall.objects.select_for_update(), pk=hall_id)
    if reasons := _hall_reasons(fields, but=hall.pk):
        raise OrganisationRefused(reasons=reasons)
    for name in HALL_FIELDS:
        setattr(hall, name, fields.get(name, getattr(hall, name)))
    hall.pinyin = pinyin_of(hall.name)
    hall.save()
    record("organisations.hall_changed", actor=actor, subject=hall, data={"fields": sorted(fields)})
    return hall


@transaction.atomic
def add_window(*, actor: Actor, hall_id: UUID, number: str, name: str) -> Window:
    permit(actor, MANAGE)
    hall = find(Hall.objects.select_for_update(), pk=hall_id)
    reasons = typed_reasons(Window, {"number": number, "name": name}, {"number": _("窗口号"), "name": _("窗口名称")})
    if hall.windows.filter(number=number.strip()).exists():
        reasons.append(Reason("taken", _("这个窗口号已在用，请换一个。"), "number"))
    if reasons:
        raise OrganisationRefused(reasons=reasons)
    window = Window.objects.create(hall=hall, number=number.strip(), name=name.strip())
    record("organisations.window_added", actor=actor, subject=hall, data={"number": window.number})
    return window


@transaction.atomic
def remove_window(*, actor: Actor, hall_id: UUID, window_id: UUID) -> None:
    permit(actor, MANAGE)
    hall = find(Hall.objects.select_for_update(), pk=hall_id)
    window = find(hall.windows, pk=window_id)
    record("organisations.window_removed", actor=actor, subject=hall, data={"number": window.number})
    window.delete()
