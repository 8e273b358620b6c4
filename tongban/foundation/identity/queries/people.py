"""What may be known about persons, companies and staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongban.foundation.identity.models import Account, Address, Company, Mandate, PasswordReset, Person, PhoneChange
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.kernel.statements import one_row

from .acting import appointments_in_force, mandates_in_force
from .deputies import roles_with


@dataclass(frozen=True)
class CompanyMandates:
    """One company as a person sees it: his own mandate and, if he may grant any, those of the others."""

    own: Mandate
    others: list[Mandate]


def account(account_id: UUID) -> Account:
    return find(Account.objects, pk=account_id)


def person_of_account(account_id: UUID) -> UUID | None:
    """The citizen behind an account; None for one that only has posts."""
    return Person.objects.filter(account=account_id).values_list("pk", flat=True).first()


def reset_code(reset_id: UUID) -> tuple[UUID | None, str]:
    """Whose reset it is, and the code to send him; nobody's (None) where the three that were typed do not agree."""
    asked = find(PasswordReset.objects, pk=reset_id)
    return asked.account_id, asked.code


def phone_changes(account_id: UUID) -> list[tuple[UUID, datetime]]:
    """Changes of the phone on record in the last day: which, and when."""
    return list(PhoneChange.objects.filter(account=account_id).order_by("id").values_list("id", "changed_at"))


def phone_before(change_id: UUID | str) -> str:
    """Where somebody was called before his phone on record was changed; empty when there was none, or that is long ago."""
    change = PhoneChange.objects.filter(pk=change_id).first()
    return change.before if change else ""


def person(person_id: UUID | str) -> Person:
    return find(Person.objects, pk=person_id)


def person_by_id_number(id_number: str) -> Person | None:
    return Person.objects.filter(id_index=blind_index(id_number)).first()


def person_id_by_number(id_number: str) -> UUID | None:
    """Only whom an ID number belongs to; nothing of his is deciphered. For intake, past the ORM."""
    row = one_row("select id from identity_person where id_index = %s", [blind_index(id_number)])
    return row[0] if row else None


def company(company_id: UUID | str) -> Company:
    return find(Company.objects, pk=company_id)


def company_by_uscc(uscc: str) -> Company | None:
    return Company.objects.filter(uscc=uscc.strip().upper()).first()


def mandates_of(actor: Actor) -> list[CompanyMandates]:
    """The companies the acting person may act for; where he is the legal representative, with everybody else who may."""
    own = mandates_in_force(person=actor.person_id).order_by("company__name") if actor.person_id else []
    ruled = [mandate.company_id for mandate in own if mandate.is_legal_person]
    others: dict[UUID, list[Mandate]] = {}
    for mandate in mandates_in_force(company__in=ruled, is_legal_person=False).order_by("granted_at"):
        others.setdefault(mandate.company_id, []).append(mandate)
    return [CompanyMandates(mandate, others.get(mandate.company_id, [])) for mandate in own]


def account_of_person(person_id: UUID) -> UUID | None:
    return Person.objects.filter(pk=person_id).values_list("account_id", flat=True).first()


def persons_of_company(company_id: UUID) -> list[UUID]:
    """Everybody who may act for a company today, for telling them news of its cases."""
    return list(mandates_in_force(company=company_id).values_list("person_id", flat=True))


def staff_of(department_id: UUID, role: str | None = None) -> list[tuple[UUID, str]]:
    """(account, name) of everybody seated in a department today."""
    which = {"post__role": role} if role else {}
    held = appointments_in_force(post__department=department_id, **which)
    return sorted({(a.account_id, a.account.name or a.account.username) for a in held}, key=lambda pair: pair[1])


def staff_who_may(department_id: UUID, *verbs: str) -> list[tuple[UUID, str]]:
    """(account, name) of those of a department whose own post holds any of some rights today, accounts in use only."""
    roles = set().union(*(roles_with(verb) for verb in verbs))
    held = appointments_in_force(post__department=department_id, post__role__in=roles, account__is_active=True)
    return sorted({(a.account_id, a.account.name or a.account.username) for a in held}, key=lambda pair: pair[1])


def departments_who_may(*verbs: str) -> set[UUID]:
    """The departments where somebody's post holds any of some rights today. One query."""
    roles = set().union(*(roles_with(verb) for verb in verbs))
    held = appointments_in_force(post__role__in=roles, account__is_active=True)
    return set(held.values_list("post__department_id", flat=True))


def staff_name(account_id: UUID) -> str:
    return staff_names([account_id]).get(account_id, "")


def staff_names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by account, one query."""
    rows = Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "name", "username")
    return {pk: name or username for pk, name, username in rows}


def addresses_of(actor: Actor) -> list[Address]:
    """The acting person's or company's own address book, the default first."""
    return list(Address.objects.filter(owner_id=actor.applicant_id)) if actor.applicant_id else []


def address_for(actor: Actor, address_id: UUID | str) -> Address:
    """One entry of one's own address book."""
    return find(Address.objects.filter(owner_id=actor.applicant_id), pk=address_id)


def identity_card(actor: Actor) -> dict[str, str]:
    """What the acting person, and the company he acts for, would show at a counter. Only ever one's own."""
    return _card(actor.person_id, actor.company_id) if actor.person_id else {}


def card_at_counter(actor: Actor, person_id: UUID, company_id: UUID | None = None) -> dict[str, str]:
    """The same of somebody who stands before a clerk with his card; the caller writes the look down."""
    permit(actor, "persons.verify", department_id=actor.department_id)
    return _card(person_id, company_id)


def _card(person_id: UUID, company_id: UUID | None) -> dict[str, str]:
    human = person(person_id)
    card = {"name": human.name, "id_type": human.id_type, "id_number": human.id_number, "phone": human.phone}
    if company_id is not None:
        firm = company(company_id)
        card |= {"company_name": firm.name, "uscc": firm.uscc, "legal_person": firm.legal_person_name}
    return card
