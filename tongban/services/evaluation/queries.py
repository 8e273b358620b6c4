"""Reading ratings: the applicant sees his own, everybody sees figures, the rated body sees what it must mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml
from django.conf import settings
from django.core.cache import cache as store
from django.db.models import Count, Max, Q, QuerySet, Sum

from tongban.foundation.kernel.actors import Scope, permit
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import SHANGHAI, now, today
from tongban.foundation.kernel.ids import first_at
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.cases.queries import FEW, closed_counts, closed_on_day, division_prefix
from tongban.services.items.queries import in_force_items

from .models import DayFigures, Rating
from .rules import STARS, Figures, why_not_rate, why_not_supplement

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Case

SEE = "evaluation.see"
FIGURES_KEPT_S = 300
DAYS_SHOWN = 367
RATED_LATELY = timedelta(minutes=15)  # more than lies between two counts


@cache
def levels() -> list[dict[str, Any]]:
    """The five levels, best first, each with its national reasons: `{"stars", "name", "reasons": [{"code", "text"}]}`."""
    indicators = yaml.safe_load((Path(__file__).parent / "indicators.yaml").read_text("utf-8"))
    return list(indicators["levels"])


@cache
def stars_by_reason() -> Mapping[str, int]:
    return {reason["code"]: level["stars"] for level in levels() for reason in level["reasons"]}


@cache
def reason_texts() -> Mapping[str, str]:
    return {reason["code"]: reason["text"] for level in levels() for reason in level["reasons"]}


def days_to_rate() -> int:
    return int(settings.RATING_DAYS)


def days_to_supplement() -> int:
    return int(settings.RATING_SUPPLEMENT_DAYS)


def own_rating(case_id: UUID) -> Rating | None:
    """The rating of a case; callers have already made sure that the case is the actor's own."""
    return Rating.objects.select_related("supplement").filter(case_id=case_id).first()


@dataclass(frozen=True)
class MayRate:
    """What an applicant may still do about his case, and why not: empty lists mean he may."""

    why_not_rate: list[str]
    why_not_supplement: list[str]
    rating: Rating | None


def may_rate(case: Case) -> MayRate:
    """For the page of a case that its applicant looks at. One query."""
    rating = own_rating(case.id)
    return MayRate(
        why_not_rate(
            closed_on=_day(case.closed_at),
            result=case.result,
            today=today(),
            days=days_to_rate(),
            rated=rating is not None,
        ),
        why_not_supplement(
            rated_on=_day(rating.rated_at) if rating else None,
            today=today(),
            days=days_to_supplement(),
            supplemented=hasattr(rating, "supplement"),
        ),
        rating,
    )


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(SHANGHAI).date() if moment else None


def figures_by(what: str, *, since: date, until: date, within: Iterable[UUID] | None = None) -> dict[Any, Figures]:
    """Figures by `department_id` or `item_code` for cases closed in a period, both days included. Two queries.

    Public figures of departments, never of persons. Kept for five minutes, since everybody may ask.
    """
    departments = sorted(str(one) for one in within) if within is not None else None
    whose = sm3(",".join(departments).encode()) if departments is not None else "all"
    key = f"evaluation:{what}:{since}:{until}:{whose}"
    found: dict[Any, Figures] | None = store.get(key)
    if found is None:
        found = _figures_by(what, since, until, departments)
        store.set(key, found, FIGURES_KEPT_S)
    return found


def _figures_by(what: str, since: date, until: date, departments: list[str] | None) -> dict[Any, Figures]:
    only = {} if departments is None else {"department_id__in": departments}
    counted = _figures_counted(what, DayFigures.objects.filter(day__range=(since, until), **only))
    if sum(one.closed for one in counted.values()) > FEW:
        return counted
    rows = Rating.objects.filter(closed_on__range=(since, until), **only)
    counts = rows.values(what).annotate(**{f"stars_{n}": Count("pk", filter=Q(stars=n)) for n in STARS})
    figures: dict[Any, Figures] = defaultdict(Figures)
    for row in counts:
        figures[row[what]] = Figures(0, tuple(row[f"stars_{n}"] for n in STARS))
    for name, closed in closed_counts(what, since=since, until=until, departments=departments).items():
        figures[name] = figures[name] + Figures(closed)
    return dict(figures)


def _figures_counted(what: str, rows: QuerySet[DayFigures]) -> dict[Any, Figures]:
    """From what was counted by day within the last minutes, where there is too much to count for every look."""
    names = ["closed", *(f"stars_{n}" for n in STARS)]
    summed = rows.values(what).annotate(**{f"sum_{name}": Sum(name) for name in names}).order_by()
    return {row[what]: Figures(row["sum_closed"], tuple(row[f"sum_stars_{n}"] for n in STARS)) for row in summed}


def day_counted(day: date) -> list[dict[str, Any]]:
    """What was closed on a day and how it was rated, by department and item: the columns of `DayFigures`. Two queries."""
    lines: dict[Any, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(["closed", *(f"stars_{n}" for n in STARS)], 0))
    for row in closed_on_day(day):
        lines[row["department_id"], row["item_code"]]["closed"] += row["number"]
    rated = Rating.objects.filter(closed_on=day).values_list("department_id", "item_code", "stars")
    for department, item, stars, number in rated.annotate(number=Count("pk")).order_by():
        lines[department, item][f"stars_{stars}"] += number
    return [{"department_id": department, "item_code": item, **line} for (department, item), line in lines.items()]


def days_to_count() -> set[date]:
    """Today, and the days whose cases were rated since the last count; of a fresh table all that pages show."""
    if not DayFigures.objects.exists():
        return {today() - timedelta(days=ago) for ago in range(DAYS_SHOWN)}
    lately = Rating.objects.filter(pk__gte=first_at(now() - RATED_LATELY))
    return {today(), *lately.values_list("closed_on", flat=True).distinct()}


def item_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of items: as they are called today, or, of those no longer in use, as they were called when rated."""
    wanted = set(codes)
    names = {version.content["code"]: version.content["task_name"] for version in in_force_items()}
    gone = Rating.objects.filter(item_code__in=wanted - set(names)).values_list("item_code").annotate(Max("task_name"))
    return {code: name for code, name in names.items() if code in wanted} | dict(gone)


@dataclass(frozen=True)
class BadRating:
    """A bad rating as the rated body may see it. An anonymous one names no case, and the month only."""

    id: UUID
    stars: int
    reasons: list[str]
    text: str
    supplement: str
    task_name: str
    department_id: UUID
    case_id: UUID | None
    when: date
    anonymous: bool
    state: str


def bad_ratings(actor: Actor, *, cursor: str = "", size: int = 50) -> Page:
    """Bad ratings of the departments he may see, newest first. Nobody's identity is loaded. One query."""
    rows = _visible(actor).filter(stars__lte=2)
    page = page_of(rows.select_related("supplement", "rectification"), order=["-id"], cursor=cursor, size=size)
    return Page([_as_seen(rating) for rating in page.rows], page.next, page.previous)


def _visible(actor: Actor) -> QuerySet[Rating]:
    """Ratings of his department, or of his division for those who oversee it."""
    permit(actor, SEE, department_id=actor.department_id, division=actor.division)
    scope = actor.scope(SEE)
    if scope is Scope.ALL:
        return Rating.objects.all()
    if scope is Scope.DIVISION:
        return Rating.objects.filter(division__startswith=division_prefix(actor.division))
    return Rating.objects.filter(department_id=actor.department_id)


def departments_seen(actor: Actor) -> list[UUID] | None:
    """Whose figures the actor looks at in the console: his department's, or, overseeing a division, all of them (None)."""
    permit(actor, SEE, department_id=actor.department_id, division=actor.division)
    own = actor.scope(SEE) is Scope.DEPARTMENT and actor.department_id is not None
    return [actor.department_id] if own and actor.department_id else None


def _as_seen(rating: Rating) -> BadRating:
    texts = reason_texts()
    return BadRating(
        id=rating.id,
        stars=rating.stars,
        reasons=[texts.get(code, code) for code in rating.reasons],
        text=rating.text,
        supplement=rating.supplement.text if hasattr(rating, "supplement") else "",
        task_name=rating.task_name,
        department_id=rating.department_id,
        case_id=None if rating.anonymous else rating.case_id,
        when=rating.closed_on.replace(day=1) if rating.anonymous else rating.closed_on,
        anonymous=rating.anonymous,
        state=rating.rectification.state if hasattr(rating, "rectification") else "",
    )
