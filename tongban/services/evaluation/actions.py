"""Rating a service, and adding to one's rating once. Only the applicant of the case can."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.queries import staff_of
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import SHANGHAI, now, today
from tongban.foundation.kernel.counted import put_lines
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.notifications.actions import notify
from tongban.services.cases.queries import case_for

from .errors import SENTENCES, NotRateable, RatingRefused
from .models import DayFigures, Rating, Rectification, Supplement
from .queries import day_counted, days_to_rate, days_to_supplement, own_rating, stars_by_reason
from .rules import LONGEST_TEXT, faults_of, is_bad, why_not_rate, why_not_supplement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

_LOCK = 0x5374

# Facts about a rating do not say who rated: those who are rated may read the facts of their cases.
SOMEBODY = Actor(kind="person")


@transaction.atomic
def rate(
    *,
    actor: Actor,
    case_id: UUID,
    stars: int | None,
    reasons: Sequence[str] = (),
    text: str = "",
    anonymous: bool = False,
    way: str = "1",
) -> Rating:
    """The applicant rates his closed case, once. `NotRateable` or `RatingRefused` with every reason why not.

    A bad rating is assigned at once to the department that handled the case.
    """
    case = case_for(actor, case_id)
    permit(actor, "evaluation.rate", owner_id=case.applicant_id)
    closed_on = case.closed_at.astimezone(SHANGHAI).date() if case.closed_at else None
    rated = own_rating(case.id) is not None
    _refuse_if(
        NotRateable,
        why_not_rate(closed_on=closed_on, result=case.result or "", today=today(), days=days_to_rate(), rated=rated),
    )
    text = text.strip()
    faults = faults_of(stars=stars, reasons=reasons, text=text, known=stars_by_reason())
    if faults:
        raise RatingRefused(reasons=[Reason(code, SENTENCES[code], field) for field, code in faults])
    try:
        with transaction.atomic():  # a second click meets the constraint, and is told so
            rating = Rating.objects.create(
                case_id=case.id,
                item_code=case.item_code,
                task_name=case.task_name,
                department_id=case.department_id,
                division=case.division,
                closed_on=closed_on,
                stars=stars,
                reasons=list(dict.fromkeys(reasons)),
                text=text,
                anonymous=anonymous,
                way=way,
                rated_at=now(),
            )
    except IntegrityError:
        _refuse_if(NotRateable, ["rated_before"])
        raise
    data = {"stars": rating.stars, "reasons": rating.reasons, "department_id": str(rating.department_id)}
    if is_bad(rating.stars):
        Rectification.objects.create(rating=rating, department_id=rating.department_id, assigned_at=rating.rated_at)
        record("evaluation.bad", actor=SOMEBODY, subject=rating, data=data)
        _tell_heads(rating)
    else:
        record("evaluation.rated", actor=SOMEBODY, subject=rating, data=data)
    return rating


@transaction.atomic
def supplement(*, actor: Actor, case_id: UUID, text: str) -> Supplement:
    """The applicant adds a few words to his rating, once, within the configured days."""
    case = case_for(actor, case_id)
    permit(actor, "evaluation.rate", owner_id=case.applicant_id)
    rating = Rating.objects.select_for_update(of=("self",)).select_related("supplement").filter(case_id=case.id).first()
    rated_on = rating.rated_at.astimezone(SHANGHAI).date() if rating else None
    supplemented = rating is not None and hasattr(rating, "supplement")
    why = why_not_supplement(rated_on=rated_on, today=today(), days=days_to_supplement(), supplemented=supplemented)
    _refuse_if(NotRateable, why)
    text = text.strip()
    faults = [
        code
        for code, wrong in {"nothing_written": not text, "text_too_long": len(text) > LONGEST_TEXT}.items()
        if wrong
    ]
    if faults:
        raise RatingRefused(reasons=[Reason(code, SENTENCES[code], "text") for code in faults])
    assert rating is not None, "refused above"
    added = Supplement.objects.create(rating=rating, text=text, added_at=now())
    record("evaluation.supplemented", actor=SOMEBODY, subject=rating)
    return added


def _tell_heads(rating: Rating) -> None:
    """Whoever heads the department learns of it at once; not of whose rating it is."""
    for account_id, _name in staff_of(rating.department_id, "dept_head"):
        notify(
            account_id=account_id,
            template="evaluation.bad_assigned",
            data={"task_name": rating.task_name, "stars": rating.stars},
            subject=f"rating:{rating.id}",
            link="/console/evaluations/",
        )


def _refuse_if(error: type[NotRateable], codes: list[str]) -> None:
    if codes:
        raise error(SENTENCES[codes[0]], reasons=[Reason(code, SENTENCES[code]) for code in codes])


def count_days(days: Iterable[date]) -> int:
    """Count the figures of some days anew, each in its own transaction; how many lines. Harmless to repeat."""
    return sum(_count_day(day) for day in days)


@transaction.atomic
def _count_day(day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, day.toordinal()])
    return put_lines(DayFigures.objects.filter(day=day), [{"day": day, **line} for line in day_counted(day)])
