"""Who applies: he himself, his company, whoever stands at a counter, or whom a system names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.identity.queries import company, company_by_uscc, identity_card, person, person_id_by_number
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.identifiers import citizen_id_fault, is_mobile, uscc_fault
from tongban.services.cases.errors import CaseRefused, HelpEnded

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Draft


@dataclass(frozen=True)
class Applicant:
    """Who applies. `id` and `person_id` are None for somebody who is not registered with us."""

    kind: str  # person or company
    name: str
    number: str
    phone: str = ""
    id: UUID | None = None
    person_id: UUID | None = None


def applicant_of(actor: Actor, given: Applicant | None, draft: Draft | None) -> Applicant:
    """Who applies: the citizen himself or his company, whoever's draft a clerk helps with, or whom a system names."""
    if draft is not None and draft.applicant_id != actor.applicant_id:
        return _visitor(actor, draft)
    if actor.applicant_id is None:
        return _named(given)
    card = identity_card(actor)
    if actor.company_id:
        return Applicant(
            "company", card["company_name"], card["uscc"], card["phone"], actor.company_id, actor.person_id
        )
    return Applicant("person", card["name"], card["id_number"], card["phone"], actor.person_id, actor.person_id)


def _visitor(actor: Actor, draft: Draft) -> Applicant:
    """Whoever stands at the counter, or the company he stands there for."""
    running = draft.helps.select_related("visit").filter(visit__account_id=actor.account_id, ended_at=None).first()
    if running is None:
        raise HelpEnded
    visit = running.visit
    human = person(visit.person_id)
    if visit.company_id:
        firm = company(visit.company_id)
        return Applicant("company", firm.name, firm.uscc, human.phone, firm.pk, human.pk)
    return Applicant("person", human.name, human.id_number, human.phone, human.pk, human.pk)


def _named(given: Applicant | None) -> Applicant:
    """An applicant a system names, found among the registered by his number."""
    if given is None:
        raise CaseRefused(reasons=[Reason("cases.applicant_missing", _("请写明申请人。"), "applyer_name")])
    if reasons := _applicant_faults(given):
        raise CaseRefused(reasons=reasons)
    number = given.number.strip().upper()
    ids: tuple[UUID | None, UUID | None]
    if given.kind == "company":
        firm = company_by_uscc(number)
        ids = (firm.pk, firm.legal_person_id) if firm else (None, None)
    else:
        person_id = person_id_by_number(number)
        ids = (person_id, person_id)
    return Applicant(given.kind, given.name.strip(), number, given.phone, *ids)


def _applicant_faults(given: Applicant) -> list[Reason]:
    reasons = []
    number = given.number.strip().upper()
    if not 1 <= len(given.name.strip()) <= 200:
        reasons.append(Reason("cases.applicant_name", _("请填写申请人姓名或者单位名称。"), "applyer_name"))
    fault = uscc_fault(number) if given.kind == "company" else citizen_id_fault(number, today=today())
    if fault:
        reasons.append(Reason(f"cases.applicant_number_{fault}", _("证件号码不正确，请核对。"), "applyer_page_code"))
    if given.phone and not is_mobile(given.phone):
        reasons.append(Reason("cases.applicant_phone", _("手机号码不正确，请核对。"), "contact_mobile"))
    return reasons
