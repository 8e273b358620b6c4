"""A register and its rules of one source: written by one, published by another, in force from a day. A register that never had rules
in force is a draft itself, and may be given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.data.registries.errors import BuildMoved, RegisterRefused
from tongban.data.registries.models import Record, Register, Ruling
from tongban.data.registries.queries import FAULTS, faults_of
from tongban.data.registries.rules import first_content, register_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import departments_of

from .building import MANAGE

LAST = 99  # a new register stands behind the others


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
def draft_register(
    *,
    actor: Actor,
    code: str,
    title: str,
    personal: bool,
    department_id: UUID | None,
    key: str,
    key_title: str,
    check: str,
) -> Register:
    """A register to be, with its key as the first draft of its rules: it holds nothing until another agrees to them.

    Refuses with everything that is wrong, a code that is taken among it.
    """
    faults = register_faults(code=code, title=title.strip(), key=key, key_title=key_title.strip(), check=check)
    faults += [("taken", "code")] if Register.objects.filter(pk=code).exists() else []
    faults += [("department", "department")] if department_id not in {one.pk for one in departments_of()} else []
    if faults or department_id is None:
        raise RegisterRefused(reasons=[Reason(fault, FAULTS[fault], field) for fault, field in faults])
    permit(actor, MANAGE, department_id=department_id)
    try:
        with transaction.atomic():
            made = Register.objects.create(
                code=code,
                title=title.strip(),
                personal=personal,
                department_id=department_id,
                place=LAST,
                made_at=now(),
            )
    except IntegrityError:  # somebody was faster
        raise RegisterRefused(reasons=[Reason("taken", FAULTS["taken"], "code")]) from None
    record("registries.register_made", actor=actor, subject=f"register:{code}", data={"title": made.title})
    content = first_content(personal=personal, name=key, title=key_title.strip(), check=check)
    keep_draft(actor=actor, register=code, content=content)
    return made


@transaction.atomic
def drop_register(*, actor: Actor, register: str) -> None:
    """Away with a register that never had rules in force. One that had is not given up: others look into it."""
    one = find(Register.objects.select_for_update(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    if one.rulings.filter(status=Ruling.Status.PUBLISHED).exists() or Record.objects.filter(register=one.code).exists():
        raise BuildMoved
    one.rulings.all().delete()
    one.delete()
    record("registries.register_dropped", actor=actor, subject=f"register:{register}", data={"title": one.title})


@transaction.atomic
def keep_draft(*, actor: Actor, register: str, content: Mapping[str, Any], note: str = "") -> Ruling:
    """What one has of the next rules so far, right or not yet; each writer has one draft of his own."""
    one = find(Register.objects.select_for_update(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    draft = one.rulings.filter(status=Ruling.Status.DRAFT, drafted_by=actor.account_id).first() or Ruling(
        register=one, version=_next(one), status=Ruling.Status.DRAFT, drafted_by=actor.account_id
    )
    draft.effective_on, draft.content, draft.note = today(), dict(content), note.strip()[:300]
    draft.save()
    return draft


@transaction.atomic
def drop_draft(*, actor: Actor, register: str) -> None:
    """Away with one's own draft."""
    one = find(Register.objects.all(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    one.rulings.filter(status=Ruling.Status.DRAFT, drafted_by=actor.account_id).delete()


def _next(register: Register) -> int:
    return (register.rulings.order_by("-version").values_list("version", flat=True).first() or 0) + 1


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
    one.rulings.filter(status=Ruling.Status.DRAFT, drafted_by=actor.account_id).delete()
    one.rulings.filter(status=Ruling.Status.IN_REVIEW).update(status=Ruling.Status.WITHDRAWN)
    made = Ruling.objects.create(
        register=one, version=_next(one), status=Ruling.Status.IN_REVIEW, effective_on=day, drafted_by=actor.account_id,
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
