"""A register and its rules of one source: written by one, published by another, in force from a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.lake.queries import datasets_named
from tongban.data.registries.errors import BuildMoved, RegisterRefused
from tongban.data.registries.models import Register, Ruling
from tongban.data.registries.rules import definition_faults, sources_of
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

from .building import MANAGE

FAULTS = {
    "no_sources": _("至少要有一个来源。"),
    "dataset": _("湖里没有数据集“%(name)s”。"),
    "column": _("来源里没有“%(name)s”这一列。"),
    "twice": _("数据项“%(name)s”重复了。"),
    "key": _("主键“%(name)s”不在数据项之中。"),
    "way": _("数据项“%(name)s”没有说按次序还是取最新。"),
    "no_origin": _("数据项“%(name)s”没有来源。"),
    "not_a_source": _("“%(name)s”不是这个库的来源。"),
    "check": _("没有“%(name)s”这种格式检查。"),
    "day": _("生效日期不能早于今天。"),
    "himself": _("起草的人不能自己同意，请另一位数据平台管理员核对。"),
}


@transaction.atomic
def create_register(
    *, actor: Actor, code: str, title: str, personal: bool, department_id: UUID, place: int = 0
) -> Register:
    """A base register, empty, kept by a department. One that is there already is answered as it is."""
    permit(actor, MANAGE, department_id=department_id)
    made, new = Register.objects.get_or_create(
        code=code,
        defaults={
            "title": title,
            "personal": personal,
            "department_id": department_id,
            "place": place,
            "made_at": now(),
        },
    )
    if new:
        record("registries.register_made", actor=actor, subject=f"register:{code}", data={"title": title})
    return made


@transaction.atomic
def propose_ruling(
    *, actor: Actor, register: str, content: Mapping[str, Any], note: str, effective_on: date | None = None
) -> Ruling:
    """The next version of a register's rules, for another to look at. Refuses with everything that is wrong with it."""
    one = find(Register.objects.select_for_update(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    day = effective_on or today()
    faults = definition_faults(content, known_columns(content))
    faults += [("day", "effective_on", {})] if day < today() else []
    if faults:
        raise RegisterRefused(reasons=[Reason(code, FAULTS[code] % details, field) for code, field, details in faults])
    one.rulings.filter(status=Ruling.Status.IN_REVIEW).update(status=Ruling.Status.WITHDRAWN)
    last = one.rulings.order_by("-version").values_list("version", flat=True).first() or 0
    made = Ruling.objects.create(
        register=one, version=last + 1, status=Ruling.Status.IN_REVIEW, effective_on=day, drafted_by=actor.account_id,
        content=dict(content), digest=sm3(canonical(dict(content))), note=note.strip()[:300],
    )  # fmt: skip
    record("registries.rules_proposed", actor=actor, subject=f"register:{one.code}", data={"version": made.version})
    return made


@transaction.atomic
def publish_ruling(*, actor: Actor, ruling_id: UUID) -> Ruling:
    """Another's yes: the rules hold from their day, and the next build makes every key anew by them."""
    made = find(Ruling.objects.select_related("register").select_for_update(of=("self",)), pk=ruling_id)
    permit(actor, MANAGE, department_id=made.register.department_id)
    require_proof(actor)
    if made.status != Ruling.Status.IN_REVIEW:
        raise BuildMoved
    if made.drafted_by is not None and made.drafted_by in actor.names:
        raise RegisterRefused(reasons=[Reason("himself", FAULTS["himself"])])
    made.status, made.reviewed_by, made.published_at = Ruling.Status.PUBLISHED, actor.account_id, now()
    made.effective_on = max(made.effective_on, today())
    made.save(update_fields=["status", "reviewed_by", "published_at", "effective_on"])
    record(
        "registries.rules_published",
        actor=actor,
        subject=f"register:{made.register_id}",
        data={"version": made.version},
    )
    return made


@transaction.atomic
def turn_down_ruling(*, actor: Actor, ruling_id: UUID, reason: str) -> Ruling:
    """Not like this: the rules stay as they are."""
    made = find(Ruling.objects.select_related("register").select_for_update(of=("self",)), pk=ruling_id)
    permit(actor, MANAGE, department_id=made.register.department_id)
    if made.status != Ruling.Status.IN_REVIEW:
        raise BuildMoved
    made.status, made.reviewed_by = Ruling.Status.WITHDRAWN, actor.account_id
    made.save(update_fields=["status", "reviewed_by"])
    data = {"version": made.version, "why": reason.strip()[:300]}
    record("registries.rules_turned_down", actor=actor, subject=f"register:{made.register_id}", data=data)
    return made


def known_columns(content: Mapping[str, Any]) -> dict[str, set[str]]:
    return {name: set(one.names) for name, one in datasets_named(list(sources_of(content))).items()}
