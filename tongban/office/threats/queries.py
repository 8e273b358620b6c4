"""What there is to see: alerts, the numbers in force, what stands behind an alert."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncDate

from tongban.foundation.attempts.queries import attempts, made_since
from tongban.foundation.audit.queries import actors_of, facts_named, last_fact
from tongban.foundation.identity.queries import departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.cases.queries import closed_among

from .models import Alert, Mark, Rule
from .rules import SEPARATED, WATCHES, Happening, Watch, is_unusual, outside

SEE = "threats.see"
USUAL_DAYS = 90


@dataclass(frozen=True)
class InForce:
    """A watch and its numbers today; version 0 is what ships."""

    kind: str
    watch: Watch
    most: int
    minutes: int
    is_active: bool = True
    version: int = 0


def rules_in_force() -> dict[str, InForce]:
    """Every watch with the numbers that count now. One query."""
    changed = {rule.kind: rule for rule in Rule.objects.order_by("kind", "version")}
    return {
        kind: InForce(kind, watch, one.most, one.minutes, one.is_active, one.version)
        if (one := changed.get(kind))
        else InForce(kind, watch, watch.most, watch.minutes)
        for kind, watch in WATCHES.items()
    }


def unwritten_rules() -> list[Rule]:
    """Rules whose newest numbers are not those that the last fact of them tells: changed, but not by our action."""
    newest = Rule.objects.order_by("kind", "-version").distinct("kind")
    told = {rule.kind: last_fact(f"threat-rule:{rule.kind}") for rule in newest}
    said = {kind: fact.data if fact else {} for kind, fact in told.items()}
    return [
        rule
        for rule in newest
        if any(said[rule.kind].get(name) != getattr(rule, name) for name in ("version", "most", "minutes", "is_active"))
    ]


def changes_of(actor: Actor, kind: str) -> list[Rule]:
    """Every version of a rule's numbers, the newest first."""
    permit(actor, SEE)
    return list(Rule.objects.filter(kind=kind).order_by("-version"))


def alerts(actor: Actor, *, state: str = "", kind: str = "", cursor: str = "", size: int = 30) -> Page:
    """Alerts, the newest first; `state` may be `open` for all that are not closed."""
    permit(actor, SEE)
    rows = Alert.objects.all()
    if state == "open":
        rows = rows.exclude(state=Alert.State.CLOSED)
    elif state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    return page_of(rows, order=["-opened_at", "-id"], cursor=cursor, size=size)


def alert_for(actor: Actor, alert_id: UUID) -> Alert:
    permit(actor, SEE)
    return find(Alert.objects, pk=alert_id)


def counts(actor: Actor, *, days: int = 14) -> tuple[dict[str, int], dict[date, int], dict[str, int]]:
    """How many alerts of the last days by kind and by day, and how many stand in each state. Three queries."""
    permit(actor, SEE)
    rows = Alert.objects.filter(opened_at__date__gt=today() - timedelta(days=days)).order_by()
    by_kind = dict(rows.values_list("kind").annotate(n=Count("id")))
    by_day: dict[date, int] = {today() - timedelta(days=n): 0 for n in range(days - 1, -1, -1)}
    by_day |= dict(
        rows.annotate(day=TruncDate("opened_at", tzinfo=SHANGHAI)).values_list("day").annotate(n=Count("id"))
    )
    by_state = dict(Alert.objects.order_by().values_list("state").annotate(n=Count("id")))
    return by_kind, by_day, by_state


def evidence(actor: Actor, alert: Alert) -> list[Any]:
    """The facts or attempts behind an alert, the newest first, at most two hundred."""
    permit(actor, SEE)
    watch = WATCHES[alert.kind]
    period: dict[str, Any] = {"since": alert.first_at, "until": alert.last_at}
    if watch.source == "facts":
        who = UUID(alert.who) if watch.by == "account" else None
        return facts_named(watch.of, actor_id=who, **period)[:200]
    if watch.by == "account":
        return attempts(watch.of[0], account_id=UUID(alert.who), **period)
    return attempts(watch.of[0], address=alert.who, **period)


def happenings(rule: InForce, *, since: datetime, until: datetime, who: str = "") -> list[Happening]:
    """What counts towards a rule in a period, of everybody or of one."""
    watch = rule.watch
    if watch.source == "attempts":
        return [Happening(*row) for row in made_since(watch.of[0], by=watch.by, since=since, who=who)]
    account = UUID(who) if who and watch.by == "account" else None
    by_somebody = watch.by == "account"
    facts = facts_named(watch.of, since=since, until=until, actor_id=account, by_somebody=by_somebody)
    return [
        Happening(str(fact.actor_id) if watch.by == "account" else "house", fact.at, weight)
        for fact, weight in _weighed(rule, facts)
        if weight and (fact.actor_id or watch.by == "house")
    ]


def newcomers(rule: InForce, *, since: datetime, until: datetime) -> set[str]:
    """Who did, since it was last read, what a rule counts; whether it weighs anything is asked of these alone. One query."""
    watch = rule.watch
    if watch.source == "attempts":
        return {who for who, _at in made_since(watch.of[0], by=watch.by, since=since)}
    actors = actors_of(watch.of, since=since, until=until)
    return ({"house"} if actors else set()) if watch.by == "house" else {str(actor) for actor in actors if actor}


def read_until() -> dict[tuple[str, int], datetime]:
    """How far each watch has read, by its kind and the version of its numbers. One query."""
    return {(kind, version): until for kind, version, until in Mark.objects.values_list()}


def _weighed(rule: InForce, facts: list[Any]) -> list[tuple[Any, int]]:
    """Each fact and how much it counts: mostly one, or none."""
    ways = {
        "looks": _looks,
        "export_size": _rows,
        "export_unusual": _unusual,
        "administrators": _grants,
        "trail": _altered,
        "house": _altered,
    }
    if rule.kind in ways:
        return ways[rule.kind](rule, facts)
    hours = rule.watch.hours
    return [(fact, 1) for fact in facts if hours is None or outside(fact.at.astimezone(SHANGHAI).time(), hours)]


def _looks(rule: InForce, facts: list[Any]) -> list[tuple[Any, int]]:
    """What staff saw of persons whose case is closed, or of nobody's case."""
    subjects = {str(fact.data.get("subject", fact.stream)) for fact in facts}
    closed = closed_among({subject.removeprefix("case:") for subject in subjects if subject.startswith("case:")})
    return [(fact, int(_is_idle(fact, closed))) for fact in facts if fact.actor_kind == "staff"]


def _is_idle(fact: Any, closed: set[str]) -> bool:
    if fact.name == "registries.looked":
        return not fact.data.get("case_no") and not fact.data.get("own")
    return str(fact.data.get("subject", fact.stream)).removeprefix("case:") in closed


def _rows(rule: InForce, facts: list[Any]) -> list[tuple[Any, int]]:
    return [(fact, int(fact.data.get("rows") or 0)) for fact in facts]


def _grants(rule: InForce, facts: list[Any]) -> list[tuple[Any, int]]:
    return [(fact, int(fact.data.get("role") in SEPARATED)) for fact in facts]


def _altered(rule: InForce, facts: list[Any]) -> list[tuple[Any, int]]:
    return [(fact, int(fact.data.get("faults") or 0)) for fact in facts]


def _unusual(rule: InForce, facts: list[Any]) -> list[tuple[Any, int]]:
    """Of those who took away far more than on their usual day, each fact weighs enough to be told."""
    if not facts:
        return []
    begin = min(fact.at for fact in facts)
    before = facts_named(
        rule.watch.of, since=begin - timedelta(days=USUAL_DAYS), until=begin - timedelta(microseconds=1)
    )
    days = Counter((fact.actor_id, fact.at.astimezone(SHANGHAI).date()) for fact in before)
    now_ = Counter(fact.actor_id for fact in facts)
    odd = {
        who for who, n in now_.items()
        if is_unusual(n, [count for (other, _day), count in days.items() if other == who], rule.most)
    }  # fmt: skip
    return [(fact, rule.most if fact.actor_id in odd else 0) for fact in facts]


def guards() -> list[UUID]:
    """The accounts that are told of an alert: everybody who handles them, today."""
    return sorted(
        {
            account
            for office in departments_who_may("threats.handle")
            for account, _n in staff_who_may(office, "threats.handle")
        }
    )
