"""Telling the applicant what happened to his case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tongban.foundation.notifications.actions import notify
from tongban.foundation.organisations.queries import department_names

if TYPE_CHECKING:
    from tongban.services.cases.models import Case


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
