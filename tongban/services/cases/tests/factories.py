"""Cases for tests, made by the same actions that people use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.organisations.models import Department
from tongban.services.cases.actions import accept, ask_correction, decide, review, save_draft, submit
from tongban.services.cases.models import Case, Draft
from tongban.services.items.models import ItemVersion
from tongban.services.items.tests.factories import make_item

ANSWERS = {"name": "翠屏理发店"}
MATERIALS = {"plan": [{"way": "1"}], "identity": [{"way": "7", "waive_mode": "1"}]}


@dataclass
class Office:
    """A department with an item and one person at each desk."""

    version: ItemVersion
    clerk: Actor
    reviewer: Actor
    approver: Actor

    @property
    def department(self) -> Department:
        return self.version.item.department


def make_office(**changes: Any) -> Office:
    version = make_item(**changes)
    department = version.item.department
    clerk, reviewer, approver = (officer(role, department=department) for role in ("clerk", "reviewer", "approver"))
    return Office(version, clerk, reviewer, approver)


def make_draft(office: Office, applicant: Actor | None = None, **fields: Any) -> Draft:
    """A draft with nothing missing."""
    applicant = applicant or citizen()
    draft = save_draft(
        actor=applicant, item_code=office.version.content["code"], situation={"venue": "hotel"}, answers=ANSWERS
    )
    for name, value in ({"materials": MATERIALS} | fields).items():
        setattr(draft, name, value)
    draft.save()
    return draft


def make_case(office: Office | None = None, applicant: Actor | None = None, **fields: Any) -> Case:
    """A case just submitted."""
    office, applicant = office or make_office(), applicant or citizen()
    receipt = submit(actor=applicant, draft_id=make_draft(office, applicant, **fields).pk)
    return Case.objects.get(pk=receipt.case_id)


def make_accepted(office: Office, applicant: Actor | None = None) -> Case:
    return accept(actor=office.clerk, case_id=make_case(office, applicant).pk)


def make_reviewed(office: Office, applicant: Actor | None = None) -> Case:
    case = make_accepted(office, applicant)
    return review(actor=office.reviewer, case_id=case.pk, verdict="agree")


def make_decided(office: Office, applicant: Actor | None = None, result: str = "granted", reasons: str = "") -> Case:
    case = make_reviewed(office, applicant)
    return decide(actor=office.approver, case_id=case.pk, result=result, reasons=reasons)


def make_corrected(office: Office, applicant: Actor | None = None) -> Case:
    """A case that waits for a correction."""
    case = make_case(office, applicant)
    return ask_correction(
        actor=office.clerk, case_id=case.pk, items=[{"key": "plan", "name": "平面图", "problem": "看不清"}]
    )
