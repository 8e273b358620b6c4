"""Telling the applicant what happened to his case."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.kernel.clock import now
from tongban.foundation.notifications.actions import notify
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.models import Case
from tongban.services.cases.queries.seen import HEAVY


def tell(case: Case, template: str, **words: Any) -> None:
    """One message, in the caller's transaction; nobody to tell when the applicant is not registered with us."""
    if case.applicant_person_id is None:
        return
    names = department_names([case.department_id])
    data = {
        "task_name": case.task_name,
        "project_no": case.project_no,
        "department": names.get(case.department_id, ""),
        **{
            name: f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value
            for name, value in words.items()
        },
    }
    notify(
        person_id=case.applicant_person_id,
        template=f"cases.{template}",
        data=data,
        subject=f"case:{case.pk}",
        link=f"/my/cases/{case.pk}/",
    )


@transaction.atomic
def tell_submitted(*, case_id: UUID) -> None:
    """The receipt as a message, once however often it is asked for. After intake, so that nobody waits for it."""
    case = Case.objects.select_for_update().defer(*HEAVY).get(pk=case_id)
    if case.told_at is not None:
        return
    Case.objects.filter(pk=case_id).update(told_at=now())
    tell(case, "submitted")
