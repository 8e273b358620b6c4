"""Asking for a seal, for another making of it, for its end; and deciding on that (申请, 审核)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.queries import staff_name, staff_of, staff_who_may
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.organisations.queries import department
from tongban.foundation.seals.errors import (
    ApplicationRefused,
    NotWaiting,
    ReasonMissing,
    SamePerson,
    WrongState,
    reasons_of,
)
from tongban.foundation.seals.models import Application, Custody, Seal
from tongban.foundation.seals.queries import APPLY, KEEP, REVIEW, application_for, seal_for_actor
from tongban.foundation.seals.rules import CONTROLS, STANDING, USES, is_reason, name_faults, number_of

from .states import entered

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

LONGEST_DOCUMENT = 100


@transaction.atomic
def apply_for_seal(
    *,
    actor: Actor,
    kind: str,
    name: str,
    business: str = "",
    holder_id: UUID | None = None,
    uses: Iterable[str],
    control: str,
    keeper_id: UUID | None,
    reason: str,
    document: str,
    department_id: UUID | None = None,
) -> Application:
    """Ask for a seal of the actor's department (`department_id`: for set-up, another). `ApplicationRefused` with every reason.

    The name must be the one the department is registered by; `uses` and `control` say what it may be put on, and who must agree.
    """
    office = department(department_id or actor.department_id or UUID(int=0))
    permit(actor, APPLY, department_id=office.pk, division=office.division_id)
    name, business, document = name.strip(), business.strip(), document.strip()
    holder = staff_name(holder_id) if holder_id and _works_in(office.pk, holder_id) else ""
    uses = [use for use in USES if use in set(uses)]
    faults = name_faults(kind=kind, name=name, business=business, registered=office.name, holder=holder)
    more = {
        "holder": ("holder", kind == "personal" and not holder),
        "keeper": ("keeper", not _may_keep(actor, office.pk, keeper_id)),
        "uses": ("uses", not uses),
        "control": ("control", control not in CONTROLS),
        "reason": ("reason", not is_reason(reason)),
        "basis": ("document", not 2 <= len(document) <= LONGEST_DOCUMENT),
        "taken": ("name", _is_taken(office.pk, kind, name, business)),
    }
    faults += [(field, code) for code, (field, stands) in more.items() if stands]
    if faults:
        raise ApplicationRefused(reasons=reasons_of(faults))
    application = Application.objects.create(
        kind=Application.Kind.NEW,
        department=office,
        seal_kind=kind,
        name=name,
        business=business,
        holder_id=holder_id if kind == "personal" else None,
        uses=uses,
        control=control,
        keeper_id=keeper_id,
        reason=reason.strip(),
        document=document,
        applied_at=now(),
        applied_by=actor.account_id,
    )
    record("seals.applied", actor=actor, subject=application, data={"kind": "new", "words": name + business})
    return application


def _works_in(department_id: UUID, account_id: UUID) -> bool:
    return account_id in dict(staff_of(department_id))


def may_keep(department_id: UUID) -> list[tuple[UUID, str]]:
    """(account, name) of those of a department who may keep a seal."""
    return staff_who_may(department_id, KEEP)


def _may_keep(actor: Actor, department_id: UUID, account_id: UUID | None) -> bool:
    """Set-up may leave a seal without a keeper where a department has no staff yet."""
    return account_id in dict(may_keep(department_id)) or (account_id is None and actor.kind == "system")


def _is_taken(department_id: UUID, kind: str, name: str, business: str) -> bool:
    same = {"department": department_id, "name": name, "business": business}
    standing = Seal.objects.filter(**same, kind=kind, state__in=STANDING)
    waiting = Application.objects.filter(**same, seal_kind=kind, kind="new", state=Application.State.WAITING)
    return standing.exists() or waiting.exists()


@transaction.atomic
def apply_to_change(*, actor: Actor, seal_id: UUID, kind: str, reason: str, document: str) -> Application:
    """Ask for another making of a seal (`replace`: certificate near its end, picture worn) or for its end (`cancel`)."""
    seal = seal_for_actor(actor, seal_id, lock=True, verb=APPLY)
    if seal.state not in (Seal.State.IN_USE, Seal.State.SUSPENDED):
        raise WrongState
    faults = {
        "reason": ("reason", not is_reason(reason)),
        "basis": ("document", not 2 <= len(document.strip()) <= LONGEST_DOCUMENT),
    }
    if wrong := [(field, code) for code, (field, stands) in faults.items() if stands]:
        raise ApplicationRefused(reasons=reasons_of(wrong))
    if seal.applications.filter(state=Application.State.WAITING).exists():
        raise NotWaiting
    application = Application.objects.create(
        kind=Application.Kind(kind),
        seal=seal,
        department=seal.department,
        seal_kind=seal.kind,
        name=seal.name,
        business=seal.business,
        holder_id=seal.holder_id,
        uses=seal.uses,
        control=seal.control,
        keeper_id=seal.keeper_id,
        reason=reason.strip(),
        document=document.strip(),
        applied_at=now(),
        applied_by=actor.account_id,
    )
    record("seals.applied", actor=actor, subject=seal, data={"kind": kind})
    return application


@transaction.atomic
def decide_application(*, actor: Actor, application_id: UUID, approve: bool, opinion: str = "") -> Application:
    """Another person approves an application, or returns it with a reason. An approved new seal gets its number and waits to be made."""
    application = application_for(actor, application_id, lock=True)
    permit(actor, REVIEW, department_id=application.department_id, division=application.department.division_id)
    if application.state != Application.State.WAITING:
        raise NotWaiting
    if application.applied_by in actor.names:
        raise SamePerson
    if not approve and not is_reason(opinion):
        raise ReasonMissing(reasons=reasons_of([("opinion", "purpose")]))
    application.state = Application.State.APPROVED if approve else Application.State.RETURNED
    application.decided_at, application.decided_by, application.opinion = now(), actor.account_id, opinion.strip()[:200]
    if approve:
        application.seal = _approved(actor, application)
    application.save(update_fields=["state", "decided_at", "decided_by", "opinion", "seal"])
    subject = application.seal if approve and application.seal else application
    record(
        "seals.application_decided", actor=actor, subject=subject, data={"approved": approve, "kind": application.kind}
    )
    return application


def _approved(actor: Actor, application: Application) -> Seal:
    if application.kind == Application.Kind.NEW:
        return _new_seal(actor, application)
    seal = Seal.objects.select_for_update().get(pk=application.seal_id)
    if application.kind == Application.Kind.CANCEL:
        entered(actor, seal, Seal.State.CANCELLED, reason=application.reason, document=application.document)
        record("seals.cancelled", actor=actor, subject=seal)
    return seal


def _new_seal(actor: Actor, application: Application) -> Seal:
    if _stands(application):
        raise ApplicationRefused(reasons=reasons_of([("name", "taken")]))
    seal = Seal.objects.create(
        number=number_of(application.department.division_id, _next_serial()),
        department=application.department,
        kind=application.seal_kind,
        name=application.name,
        business=application.business,
        holder_id=application.holder_id,
        uses=application.uses,
        control=application.control,
        keeper_id=application.keeper_id,
    )
    entered(actor, seal, Seal.State.APPROVED, reason=application.reason, document=application.document)
    Custody.objects.create(seal=seal, keeper_id=seal.keeper_id, since=now(), handed_over_by=application.applied_by)
    return seal


def _stands(application: Application) -> bool:
    return Seal.objects.filter(
        department=application.department_id,
        kind=application.seal_kind,
        name=application.name,
        business=application.business,
        state__in=STANDING,
    ).exists()


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('seals_number_serial')")
        return int(cursor.fetchone()[0])
