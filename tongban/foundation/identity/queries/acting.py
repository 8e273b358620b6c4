"""Who is acting: the capacities an account may take, and the actor it is in one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.foundation.identity.errors import CapacityRefused
from tongban.foundation.identity.models import Account, Appointment, Mandate, Person, SystemClient
from tongban.foundation.identity.rules import APPLICANT, GRANTS
from tongban.foundation.kernel.actors import ANONYMOUS, Actor, Scope
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.grades import INTERNAL

from .clearances import newest_clearance
from .deputies import as_deputy, deputies_in_force


@dataclass(frozen=True)
class Capacity:
    """In what name one may act: `self`, `company:<id>`, `post:<id>`, or `deputy:<id>` at somebody else's post."""

    key: str
    kind: str  # self, company, post, deputy
    title: str
    note: str = ""


@cache
def grants_of(role: str) -> Mapping[str, Scope]:
    """Verbs and scopes of a role; of an applicant for `applicant`."""
    given = APPLICANT if role == "applicant" else GRANTS[role]
    return MappingProxyType({verb: Scope[reach] for verb, reach in given.items()})


def _in_force() -> Q:
    return Q(starts_on__lte=today()) & (Q(until_on=None) | Q(until_on__gte=today())) & Q(revoked_at=None)


def mandates_in_force(**of: Any) -> QuerySet[Mandate]:
    return Mandate.objects.filter(_in_force(), **of).select_related("company", "person")


def appointments_in_force(**of: Any) -> QuerySet[Appointment]:
    """Seats held today on posts and in departments that are in use."""
    held = Q(starts_on__lte=today()) & (Q(ends_on=None) | Q(ends_on__gte=today())) & Q(ended_at=None)
    in_use = Q(post__is_active=True, post__department__is_active=True)
    return Appointment.objects.filter(held, in_use, **of).select_related("post__department", "account")


def capacities_of(account: Account) -> list[Capacity]:
    """Every name this account may act in, the person himself first."""
    found = [Capacity("self", "self", p.name) for p in Person.objects.filter(account=account)]
    for mandate in mandates_in_force(person__account=account).order_by("company__name"):
        note = "法定代表人" if mandate.is_legal_person else "经办人"
        found.append(Capacity(f"company:{mandate.company_id}", "company", mandate.company.name, note))
    for held in appointments_in_force(account=account).order_by("post__department__pinyin", "post__role"):
        found.append(Capacity(f"post:{held.post_id}", "post", held.post.department.short_name, held.post.name))
    for lent in deputies_in_force(account=account):
        whose = lent.principal.name or lent.principal.username
        title = f"{lent.post.department.short_name} {lent.post.name}（代{whose}）"
        found.append(Capacity(f"deputy:{lent.pk}", "deputy", title, f"{lent.until_on:%Y-%m-%d}"))
    return found


def _as_person(account: Account) -> Actor | None:
    person = Person.objects.filter(account=account).first()
    if person is None:
        return None
    return Actor(
        kind="person", account_id=account.pk, person_id=person.pk, grants=grants_of("applicant"),
        level=min(account.level, person.level), name=person.name,
    )  # fmt: skip


def _as_company(account: Account, company_id: str) -> Actor | None:
    mandate = mandates_in_force(person__account=account, company_id=company_id).first()
    if mandate is None:
        return None
    return Actor(
        kind="company", account_id=account.pk, person_id=mandate.person_id, company_id=mandate.company_id,
        grants=grants_of("applicant"), level=min(account.level, mandate.person.level), name=mandate.company.name,
    )  # fmt: skip


def _as_staff(account: Account, post_id: str = "") -> Actor | None:
    which = {"post_id": post_id} if post_id else {}
    seat = ("post_id", "post__role", "post__department_id", "post__department__division_id",
            "post__window__hall__name", "post__window__number")  # fmt: skip # asked on each request
    seats = appointments_in_force(account=account, **which).annotate(clearance=newest_clearance("account"))
    held = seats.order_by("post__role").values_list(*seat, "clearance").first()
    if held is None:
        return None
    post, role, department, division, hall, window, clearance = held
    return Actor(
        kind="staff", account_id=account.pk, post_id=post, department_id=department, division=division,
        roles=frozenset({role}), grants=grants_of(role), level=account.level, name=account.name or account.username,
        counter=(hall, window) if hall else None, clearance=clearance,
    )  # fmt: skip


def actor_of(account: Account, capacity: str | None = None) -> Actor:
    """The actor an account is in a capacity; without one, the person himself, else his first post, else nobody.

    `CapacityRefused` when the mandate or appointment behind `capacity` is not, or no longer, in force.
    """
    if not account.is_active:
        return ANONYMOUS
    if capacity is None:
        return _as_person(account) or _as_staff(account) or ANONYMOUS
    kind, _, key = capacity.partition(":")
    try:
        ways = {"self": lambda: _as_person(account), "company": lambda: _as_company(account, key),
                "post": lambda: _as_staff(account, key), "deputy": lambda: as_deputy(account, key)}  # fmt: skip
        actor = ways[kind]() if kind in ways and (kind == "self" or UUID(key)) else None
    except ValueError:
        actor = None
    if actor is None:
        raise CapacityRefused
    return actor


def mandate_covers(actor: Actor, item_code: str) -> bool:
    """Whether the acting company's mandate reaches this service item; always so for anybody but a company."""
    if actor.kind != "company":
        return True
    mandate = mandates_in_force(person=actor.person_id, company=actor.company_id).first()
    return mandate is not None and (not mandate.items or item_code in mandate.items)


def key_hash(key: str) -> str:
    """The fingerprint kept of a system's key. The key is 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def actor_of_key(key: str) -> Actor:
    """The system behind an API key, `ANONYMOUS` when the key is unknown or stopped. One query."""
    client = SystemClient.objects.select_related("department").filter(key_hash=key_hash(key), is_active=True).first()
    if client is None or not client.department.is_active:
        return ANONYMOUS
    return Actor(
        kind="system", account_id=client.pk, department_id=client.department_id,
        division=client.department.division_id, level=4, name=client.name, clearance=INTERNAL,
        grants=MappingProxyType(dict.fromkeys(client.scopes, Scope.DEPARTMENT)),
    )  # fmt: skip
