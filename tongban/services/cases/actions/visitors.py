"""接待: somebody comes to a counter with his card, for himself or for a company, and agrees that the clerk writes for him."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.data.registries.queries import company_record, person_record
from tongban.foundation.audit.actions import record
from tongban.foundation.identity.actions import add_company, add_person
from tongban.foundation.identity.errors import RegistrationRefused
from tongban.foundation.identity.queries import company_by_uscc, mandates_in_force, person_by_id_number
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.identifiers import citizen_id_fault, uscc_fault
from tongban.foundation.kernel.ids import uuid7
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Visit

if TYPE_CHECKING:
    from tongban.foundation.identity.models import Company, Person
    from tongban.foundation.kernel.actors import Actor

LASTS = timedelta(hours=2)
PURPOSE = "cases.counter"


@transaction.atomic
def receive_visitor(
    *,
    actor: Actor,
    id_number: str,
    present: bool,
    uscc: str = "",
    name: str = "",
    phone: str = "",
    company_name: str = "",
    by_paper: bool = False,
) -> Visit:
    """Know who stands there by his card, and for two hours be allowed to write for him; he must be present and agree.

    Whom nobody knows yet is entered, by the population register or by `name` as the card shows it, without an account;
    registering later he finds everything. Of a company he must hold a mandate, online or `by_paper`.
    """
    permit(actor, "cases.receive", department_id=actor.department_id)
    number, code = id_number.strip().upper(), uscc.strip().upper()
    if reasons := _faults(number, code, present):
        raise CaseRefused(reasons=reasons)
    visit = Visit(id=uuid7(), account_id=actor.account_id, department_id=actor.department_id, by_paper=False)
    visitor = _person(actor, visit, number, name.strip(), phone.strip())
    if visitor.account_id == actor.account_id:
        raise NotAllowed(_("不能给自己收件，请另一位同事办理。"))
    visit.person_id = visitor.pk
    if code:
        firm = _company(actor, visit, code, company_name.strip(), visitor)
        visit.company_id, visit.by_paper = firm.pk, _by_paper(visitor, firm, by_paper)
    visit.began_at = now()
    visit.until = visit.began_at + LASTS
    visit.save(force_insert=True)
    data = {"purpose": PURPOSE, "agreed": True, "for_company": bool(code), "by_paper": visit.by_paper}
    record("cases.visitor_received", actor=actor, subject=visit, person_id=visitor.pk, data=data)
    return visit


def _faults(number: str, code: str, present: bool) -> list[Reason]:
    reasons = []
    if citizen_id_fault(number, today=today()):
        reasons.append(Reason("cases.visitor_number", _("身份证号码不正确，请核对证件。"), "id_number"))
    if code and uscc_fault(code):
        text = _("统一社会信用代码不正确，请核对营业执照。")
        reasons.append(Reason("cases.visitor_uscc", text, "uscc"))
    if not present:
        text = _("申请人须在场并同意，才能代为填写。请核对后勾选。")
        reasons.append(Reason("cases.not_present", text, "present"))
    return reasons


def _look(visit: Visit) -> dict[str, Any]:
    return {"purpose": PURPOSE, "case_no": f"visit:{visit.pk}"}


def _person(actor: Actor, visit: Visit, number: str, name: str, phone: str) -> Person:
    """Known here, or by the register, or as the clerk reads it off the card."""
    known = person_by_id_number(number)
    if known is not None and not name:
        return known
    if not name:
        found = person_record(actor=actor, id_number=number, **_look(visit)) or {}
        name, phone = (str(found.get(element, {}).get("value", "")) for element in ("name", "phone"))
    if not name:
        text = _("系统里还没有这个人，请照证件填写姓名。")
        raise CaseRefused(reasons=[Reason("cases.visitor_unknown", text, "name")])
    try:
        return add_person(actor=actor, name=name, id_number=number, phone=phone)
    except RegistrationRefused as refusal:
        raise CaseRefused(reasons=refusal.reasons) from None


def _company(actor: Actor, visit: Visit, code: str, name: str, visitor: Person) -> Company:
    known = company_by_uscc(code)
    if known is not None:
        return known
    found = company_record(actor=actor, uscc=code, **_look(visit)) or {}
    said = {element: str(entry.get("value") or "") for element, entry in found.items()}
    if not (said.get("name") or name):
        text = _("系统里还没有这家单位，请照营业执照填写名称。")
        raise CaseRefused(reasons=[Reason("cases.visitor_company_unknown", text, "company_name")])
    rules_it = said.get("legal_person_id") == visitor.id_number
    return add_company(
        actor=actor,
        uscc=code,
        name=said.get("name") or name,
        legal_person=visitor if rules_it else None,
        legal_person_name=said.get("legal_person", ""),
    )


def _by_paper(visitor: Person, firm: Company, by_paper: bool) -> bool:
    """Whether the mandate is a paper; refused when there is neither one in force online nor a paper."""
    if mandates_in_force(person=visitor, company=firm).exists():
        return False
    if not by_paper:
        text = _("单位没有在网上授权这位办事人。他带来盖章的授权委托书的，核对后勾选。")
        raise CaseRefused(reasons=[Reason("cases.visitor_mandate", text, "by_paper")])
    return True


def covers_item(visit: Visit, item_code: str) -> bool:
    """Whether the visitor may act in this item: for himself, by paper, or by a mandate that reaches it."""
    if visit.company_id is None or visit.by_paper:
        return True
    mandate = mandates_in_force(person=visit.person_id, company=visit.company_id).first()
    return mandate is not None and (not mandate.items or item_code in mandate.items)


def forget_old_visits(border: Any) -> int:
    """Delete visits older than the drafts that are kept, and that no draft is left of."""
    return Visit.objects.filter(began_at__lt=border, helps=None).delete()[0]
