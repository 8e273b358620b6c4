"""Taking a lamp back, taking the figures away, counting a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.counted import put_lines
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.queries import case_for, closed_on_day

from .errors import SENTENCES, WithdrawalRefused
from .models import DayCount, LampWithdrawal
from .queries import ORDER, SEE
from .rules import why_not_withdraw

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

_LOCK = 0x5352


@transaction.atomic
def withdraw_lamp(*, actor: Actor, case_id: UUID, reason: str) -> LampWithdrawal:
    """Take back the lamp a case shows, with a reason; `WithdrawalRefused` with every obstacle."""
    case = case_for(actor, case_id, "supervision")
    permit(actor, ORDER, department_id=case.department_id, division=case.division)
    with connection.cursor() as cursor:  # two clicks wait for one another
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, str(case_id)])
    withdrawn = LampWithdrawal.objects.filter(case_id=case.pk, lamp=case.lamp).exists()
    codes = why_not_withdraw(lamp=case.lamp, is_open=case.is_open, reason=reason, withdrawn=withdrawn)
    if codes:
        field = {"reason_too_short": "reason", "reason_too_long": "reason"}
        raise WithdrawalRefused(reasons=[Reason(f"supervision.{c}", SENTENCES[c], field.get(c, "")) for c in codes])
    taken = LampWithdrawal.objects.create(
        case_id=case.pk,
        project_no=case.project_no,
        item_code=case.item_code,
        task_name=case.task_name,
        department_id=case.department_id,
        division=case.division,
        lamp=case.lamp,
        reason=reason.strip(),
        withdrawn_by=actor.account_id,
        withdrawn_on=today(),
        withdrawn_at=now(),
    )
    data = {"lamp": case.lamp, "department": str(case.department_id), "reason": taken.reason}
    record("supervision.lamp_withdrawn", actor=actor, subject=case, data=data)
    return taken


@transaction.atomic
def note_export(*, actor: Actor, since: date, until: date) -> None:
    """Write down that the figures of a period were taken away."""
    permit(actor, SEE, department_id=actor.department_id, division=actor.division)
    data: dict[str, Any] = {"since": str(since), "until": str(until)}
    record("supervision.exported", actor=actor, subject=f"department:{actor.department_id}", data=data)


@transaction.atomic
def count_day(day: date) -> int:
    """Count anew what was closed on a day; how many lines that makes. Harmless to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, day.toordinal()])
    lines = [{"day": day, "closed": row.pop("number"), **row} for row in closed_on_day(day)]
    return put_lines(DayCount.objects.filter(day=day), lines)


def count_days(since: date, until: date) -> int:
    """Count every day of a stretch, each in its own transaction; how many lines."""
    return sum(count_day(since + timedelta(days=n)) for n in range((until - since).days + 1))
