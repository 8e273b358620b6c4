"""Companies, and who may act for them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import MandateRefused, RegistrationRefused
from tongban.foundation.identity.models import Company, Mandate, Person
from tongban.foundation.identity.queries import mandates_in_force
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.identifiers import uscc_fault
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

LONGEST_MANDATE_YEARS = 3


@transaction.atomic
def add_company(
    *, actor: Actor, uscc: str, name: str, legal_person: Person | None = None, legal_person_name: str = "",
    address: str = "", registered_on: date | None = None, invented: bool = False,
) -> Company:  # fmt: skip
    """Enter a company; its legal representative, when he is known here, may act for it at once."""
    permit(actor, "cases.apply", department_id=actor.department_id)
    if actor.kind not in ("staff", "system"):
        raise NotAllowed
    uscc = uscc.strip().upper()
    if known := Company.objects.filter(uscc=uscc).first():
        return known
    if uscc_fault(uscc):
        text = _("统一社会信用代码有误：应为18位，且校验位相符，请核对。")
        raise RegistrationRefused(reasons=[Reason("uscc", text, "uscc")])
    company = Company.objects.create(
        uscc=uscc, name=name.strip(), legal_person=legal_person, address=address, registered_on=registered_on,
        legal_person_name=legal_person.name if legal_person else legal_person_name.strip(), invented=invented,
    )  # fmt: skip
    if legal_person:
        Mandate.objects.create(person=legal_person, company=company, is_legal_person=True, starts_on=today())
    record("identity.company_added", actor=actor, subject=company)
    return company


def _latest_day() -> date:
    day = today()
    return day.replace(year=day.year + LONGEST_MANDATE_YEARS, day=min(day.day, 28))


def _mandate_reasons(company: Company, handler: Person | None, name: str, until_on: date | None) -> list[Reason]:
    reasons = []
    if handler is None or handler.name != name.strip() or handler.account_id is None:
        text = _("没有找到姓名与身份证号码一致的注册用户。请经办人先在本站注册。")
        reasons.append(Reason("unknown", text, "id_number"))
    elif mandates_in_force(company=company, person=handler).exists():
        text = _("这个人已经可以代表本单位办事。要改变范围，请先撤销原来的授权。")
        reasons.append(Reason("already", text, "id_number"))
    if until_on is None or not today() <= until_on <= _latest_day():
        reasons.append(Reason("until", _("请填写授权的最后一天，不早于今天，不超过三年。"), "until_on"))
    return reasons


@transaction.atomic
def grant_mandate(
    *, actor: Actor, company_id: UUID, name: str, id_number: str, items: list[str], until_on: date | None
) -> Mandate:
    """The legal representative lets a registered person act for the company, for `items` (empty: all), until a day."""
    permit(actor, "cases.apply", owner_id=actor.applicant_id)
    require_proof(actor)
    company = find(Company.objects.select_for_update(), pk=company_id)
    own = mandates_in_force(company=company, person=actor.person_id, is_legal_person=True)
    if not own.exists():
        raise NotAllowed(_("只有法定代表人可以授权他人办事。"))
    handler = Person.objects.filter(id_index=blind_index(id_number)).first()
    if reasons := _mandate_reasons(company, handler, name, until_on):
        raise MandateRefused(reasons=reasons)
    # One that has lapsed makes room for its successor.
    Mandate.objects.filter(company=company, person=handler, revoked_at=None).update(revoked_at=now())
    mandate = Mandate.objects.create(
        company=company, person=handler, items=items, starts_on=today(), until_on=until_on,
        granted_by_id=actor.person_id,
    )  # fmt: skip
    data = {"items": items, "until": str(until_on)}
    record("identity.mandate_granted", actor=actor, subject=company, person_id=mandate.person_id, data=data)
    return mandate


@transaction.atomic
def revoke_mandate(*, actor: Actor, mandate_id: UUID) -> Mandate:
    """The legal representative takes a mandate back, or the handler lays it down; it ends at once."""
    mandate = find(Mandate.objects.select_for_update(of=("self",)).select_related("company"), pk=mandate_id)
    permit(actor, "cases.apply", owner_id=actor.applicant_id)
    is_own = mandate.person_id == actor.person_id
    rules_company = mandates_in_force(company=mandate.company_id, person=actor.person_id, is_legal_person=True).exists()
    if mandate.is_legal_person or not (is_own or rules_company):
        raise NotAllowed(_("只有法定代表人或经办人本人可以撤销授权。"))
    if mandate.revoked_at is None:
        mandate.revoked_at = now()
        mandate.save(update_fields=["revoked_at"])
        record("identity.mandate_revoked", actor=actor, subject=mandate.company, person_id=mandate.person_id)
    return mandate
