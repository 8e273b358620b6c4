"""Telling the applicant what happened to his case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.identity.queries import deputy
from tongban.foundation.kernel.clock import now
from tongban.foundation.notifications.actions import notify, send_waiting
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.models import Case, Decision
from tongban.services.cases.queries.seen import HEAVY

BATCH = 200


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
        department_id=case.department_id,
        data=data,
        subject=f"case:{case.pk}",
        link=f"/my/cases/{case.pk}/",
    )


def tell_staff(accounts: Iterable[UUID], template: str, case: Case, **words: Any) -> None:
    """A message to colleagues, on the site only; none names the applicant."""
    data = {"task_name": case.task_name, "project_no": case.project_no, **words}
    for account_id in sorted(set(accounts)):
        notify(
            account_id=account_id,
            template=f"cases.staff_{template}",
            data=data,
            subject=f"case:{case.pk}",
            link=f"/console/cases/{case.pk}/",
        )


def tell_deputy(deputy_id: UUID | str) -> None:
    """Who was named a deputy is told for whom, where and how long."""
    row = deputy(deputy_id)
    days = {"first": f"{row.starts_on:%Y-%m-%d}", "last": f"{row.until_on:%Y-%m-%d}"}
    whose = row.principal.name or row.principal.username
    notify(
        account_id=row.account_id,
        template="cases.staff_deputy",
        data={"whose": whose, "post": row.post.name, **days},
        subject=f"deputy:{row.pk}",
        link="/console/deputies/",
    )


def tell_submitted() -> int:
    """Send the receipt of everything submitted since the last time as a message; how many. Any number of these may run.

    What was decided at once has its message already; only its SMS and e-mail wait to be sent.

    Swept up each minute and not a reaction to the fact: asking for a job notifies the workers, and PostgreSQL lets only one
    transaction that notifies commit at a time, so intake would queue behind the disk.
    """
    told = 0
    while batch := _tell_some():
        told += batch
    return told


@transaction.atomic
def _tell_some() -> int:
    waiting = Case.objects.filter(told_at=None).order_by("id").select_for_update(skip_locked=True).defer(*HEAVY)
    cases = list(waiting[:BATCH])
    at_once = set(Decision.objects.filter(case__in=cases, rule_set_id__isnull=False).values_list("case_id", flat=True))
    send_waiting(f"case:{case_id}" for case_id in at_once)
    for case in cases:
        if case.pk not in at_once:
            tell(case, "submitted")
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(told_at=now())
    return len(cases)
