"""A register and its rules of one source: written by one, published by another, in force from a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.registries.errors import BuildMoved, RegisterRefused
from tongban.data.registries.models import Register, Ruling
from tongban.data.registries.queries import FAULTS, faults_of
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

from .building import MANAGE


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
    reasons = faults_of(content)
    reasons += [Reason("day", FAULTS["day"], "effective_on")] if day < today() else []
    if reasons:
        raise RegisterRefused(reasons=reasons)
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
