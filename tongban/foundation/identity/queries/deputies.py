"""Who acts for whom while he is away (代理)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.foundation.identity.models import Account, Appointment, Deputy
from tongban.foundation.identity.rules import GRANTS, lent
from tongban.foundation.kernel.actors import Actor, Scope, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find

from .clearances import clearance_of

NAME, RIGHTS = "identity.depute", "identity.manage_rights"


def _seated(account: str, **post: OuterRef) -> Exists:
    on = today()
    return Exists(
        Appointment.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=on), account=OuterRef(account), ended_at=None, starts_on__lte=on, **post
        )
    )


def deputies_in_force(**of: Any) -> QuerySet[Deputy]:
    """Those who may act today: both still hold their posts, and neither account is closed."""
    on = today()
    return Deputy.objects.filter(
        _seated("principal", post=OuterRef("post")),
        _seated("account", post__department=OuterRef("post__department")),
        starts_on__lte=on, until_on__gte=on, ended_at=None, principal__is_active=True, account__is_active=True,
        post__is_active=True, post__department__is_active=True, **of,
    ).select_related("post__department", "post__window__hall", "principal", "account")  # fmt: skip


def overlapping(starts_on: date, until_on: date, **of: Any) -> QuerySet[Deputy]:
    """Deputies of any of these days, begun or still to come."""
    return Deputy.objects.filter(starts_on__lte=until_on, until_on__gte=starts_on, ended_at=None, **of)


def deputy(deputy_id: UUID | str) -> Deputy:
    return find(Deputy.objects.select_related("post__department", "principal", "account"), pk=deputy_id)


def deputies_named(actor: Actor) -> list[Deputy]:
    """Whom this officer named, the newest first; those that have ended among them."""
    rows = Deputy.objects.filter(principal=actor.account_id).select_related("post__department", "principal", "account")
    return list(rows[:50])


def deputising_for(actor: Actor) -> list[Deputy]:
    """Whose posts this officer may act at today."""
    return list(deputies_in_force(account=actor.account_id)) if actor.account_id else []


def all_deputies(actor: Actor) -> list[Deputy]:
    """For the security administrator: everybody who acts, or will, for somebody else."""
    permit(actor, RIGHTS)
    rows = Deputy.objects.filter(until_on__gte=today(), ended_at=None)
    return list(rows.select_related("post__department", "principal", "account").order_by("starts_on", "id")[:200])


def lent_grants(role: str, verbs: list[str]) -> Mapping[str, Scope]:
    return MappingProxyType({verb: Scope[reach] for verb, reach in lent(role, verbs).items()})


def as_deputy(account: Account, deputy_id: str) -> Actor | None:
    """The actor that a deputy is: the post's department and some of its rights, in his own name and another's."""
    held = deputies_in_force(account=account, pk=deputy_id).first()
    if held is None:
        return None
    department, principal = held.post.department, held.principal
    own, whose = account.name or account.username, principal.name or principal.username
    return Actor(
        kind="staff", account_id=account.pk, for_account_id=principal.pk, post_id=held.post_id, department_id=department.pk,
        division=department.division_id, roles=frozenset({held.post.role}), grants=lent_grants(held.post.role, held.verbs),
        level=account.level, name=f"{own}（代{whose}）", clearance=min(clearance_of(account.pk), clearance_of(principal.pk)),
        counter=(held.post.window.hall.name, held.post.window.number) if held.post.window else None,
    )  # fmt: skip


def roles_with(verb: str) -> set[str]:
    """The roles that hold a right."""
    return {role for role, grants in GRANTS.items() if verb in grants}
