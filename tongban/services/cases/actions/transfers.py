"""移送: a case moves to the department that has the competence, by agreement of both (行政许可法 art. 32 (2)).

Where that department does not work on this platform the case is closed and the applicant told whom to turn to: `transfer`.
The limit to answer the applicant runs on all the while; an offer nobody answers lapses with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.identity.queries import staff_who_may
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.organisations.queries import department, department_names
from tongban.services.cases.errors import OBSTACLES, CaseRefused
from tongban.services.cases.models import Case, Transfer
from tongban.services.cases.queries import open_transfer
from tongban.services.cases.rules import transfer_faults

from .filing import admit_departments
from .notices import tell_staff
from .turn import Outcome, begin, given_by, locked, noted, place_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

RIGHT = "cases.transfer"


@transaction.atomic
def offer_transfer(*, actor: Actor, case_id: UUID, department_id: UUID | None, reasons: str) -> Case:
    """Ask another department, which has the competence, to take the case over. Until it answers, nobody else acts on it."""
    turn = begin(actor, case_id, "offer_transfer", given_by(actor, reasons=reasons))
    case, before = turn.case, place_of(turn.case)
    staff = staff_who_may(department_id, RIGHT) if department_id else []
    said_no = case.transfers.filter(answer="returned").values_list("to_department_id", flat=True)
    codes = transfer_faults(here=case.department_id, to=department_id, has_staff=bool(staff), sent_back_by=set(said_no))
    if codes or department_id is None:
        raise CaseRefused(reasons=[Reason(f"cases.{code}", OBSTACLES[code], "department_id") for code in codes])
    Transfer.objects.create(
        case=case, from_department_id=case.department_id, to_department_id=department_id, reasons=reasons.strip(),
        offered_by=actor.seat_id, offered_at=turn.at,
    )  # fmt: skip
    admit_departments(f"case:{case.pk}", {department_id})
    name = department_names([department_id])[department_id]
    case = noted(
        turn,
        Outcome(
            {"holder_department_id": department_id, "holder_account_id": None},
            note=_("商请%(department)s接收：%(why)s") % {"department": name, "why": reasons.strip()},
            public=False, data={"to": str(department_id)}, before=before,
        ),
    )  # fmt: skip
    tell_staff(
        {account for account, _name in staff[:20]}, "transfer_offered", case, who=actor.name, why=reasons.strip()
    )
    return case


@transaction.atomic
def take_over(*, actor: Actor, case_id: UUID, note: str = "") -> Case:
    """The competent department takes the case: it is its own from now on, with the limits that run. The old one may still read it."""
    offer = open_transfer(locked(case_id))
    turn = begin(actor, case_id, "take_over", given_by(actor), departments=[offer.to_department_id] if offer else None)
    if offer is None:
        raise CaseRefused(reasons=[Reason("cases.not_offered", OBSTACLES["not_offered"])])
    new = department(offer.to_department_id)
    _answer(offer, "taken", turn.actor, turn.at, note)
    columns = {
        "department_id": new.pk,
        "division": new.division_id,
        "holder_department_id": new.pk,
        "holder_account_id": None,
    }
    moved = {"from": str(offer.from_department_id), "to": str(new.pk)}
    words = _("经核对，这件事由%(department)s办理，您不用重新提交，办理期限继续计算。") % {"department": new.name}
    case = noted(turn, Outcome(columns, note=words, data=moved, notice="moved"))
    tell_staff({offer.offered_by}, "transfer_taken", case, who=new.short_name, why=note.strip() or "—")
    return case


@transaction.atomic
def return_transfer(*, actor: Actor, case_id: UUID, reasons: str) -> Case:
    """The department that was asked sends the case back, with its reasons; it is not asked again."""
    offer = open_transfer(locked(case_id))
    departments = [offer.to_department_id] if offer else None
    turn = begin(actor, case_id, "return_transfer", given_by(actor, reasons=reasons), departments=departments)
    if offer is None:
        raise CaseRefused(reasons=[Reason("cases.not_offered", OBSTACLES["not_offered"])])
    _answer(offer, "returned", turn.actor, turn.at, reasons)
    columns = {"holder_department_id": offer.from_department_id, "holder_account_id": None}
    case = noted(turn, Outcome(columns, note=reasons.strip(), public=False, data={"to": str(offer.from_department_id)}))
    tell_staff({offer.offered_by}, "transfer_returned", case, who=actor.name, why=reasons.strip())
    return case


def _answer(offer: Transfer, answer: str, actor: Actor, at: datetime, note: str) -> None:
    offer.answer, offer.answered_by, offer.answered_at, offer.note = answer, actor.account_id, at, note.strip()
    offer.save(update_fields=["answer", "answered_by", "answered_at", "note"])


def lapse_offer(case: Case, at: datetime) -> None:
    """An open offer is over because the applicant must be answered now; the case is its department's again."""
    if case.transfers.filter(answer="").update(answer="lapsed", answered_at=at):
        case.holder_department_id, case.holder_account_id = case.department_id, None
        case.save(update_fields=["holder_department_id", "holder_account_id"])
