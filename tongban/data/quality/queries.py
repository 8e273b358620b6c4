"""Rules, what checks found, scores, and tickets, for those whose data they are and for the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet

from tongban.data.lake import queries as lake
from tongban.data.standards.queries import codes_in_force
from tongban.foundation.clocks.queries import clocks_of, lamp_of
from tongban.foundation.kernel.actors import Actor, Scope, installer, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.versions import in_force

from .models import Check, Finding, Rule, RuleVersion, Ticket
from .rules import OF_DATASETS

SEE, MANAGE, ANSWER, HANDLE = "quality.see", "quality.manage", "quality.answer", "quality.handle"
HAND = installer("lake.read", "lake.write")  # the lake's rights are machinery's; ours have been asked before
SHOWN = 30  # checks in a trend


def datasets(*, actor: Actor) -> list[Any]:
    """The datasets of the lake that the actor sees, by name."""
    permit(actor, SEE, department_id=actor.department_id)
    return lake.datasets_of(actor=actor, verb=SEE)


def dataset(*, actor: Actor, dataset_id: UUID, verb: str = SEE) -> Any:
    one = lake.dataset(actor=HAND, dataset_id=dataset_id)
    permit(actor, verb, department_id=one.department_id)
    return one


def asked(dataset_id: UUID, on: date | None = None) -> list[tuple[Rule, RuleVersion]]:
    """The rules that are asked of a dataset on a day, each as it then is."""
    rules = Rule.objects.filter(dataset_id=dataset_id, ended_at=None).order_by("number")
    held = [(rule, in_force(RuleVersion.objects.filter(rule=rule), on or today())) for rule in rules]
    return [(rule, version) for rule, version in held if version is not None]


def rule(*, actor: Actor, rule_id: UUID, verb: str = SEE) -> Rule:
    one = find(Rule.objects.select_related("department"), pk=rule_id)
    permit(actor, verb, department_id=one.department_id)
    return one


def versions_of(one: Rule) -> list[RuleVersion]:
    """The newest first."""
    return list(one.versions.order_by("-version"))


def compiled(spec: Mapping[str, Any], on: date | None = None) -> dict[str, Any]:
    """A spec as the lake takes it: the codes of its set as they hold on a day."""
    if spec["kind"] != "codes":
        return dict(spec)
    return {**spec, "values": sorted(codes_in_force(spec["code_set"], on))}


def row_specs(pairs: Sequence[tuple[Rule, RuleVersion]], *severities: str) -> dict[str, dict[str, Any]]:
    """Code → spec of those rules that are asked of rows; of some severities or all."""
    return {
        rule.code: compiled(version.content["spec"])
        for rule, version in pairs
        if version.content["spec"]["kind"] not in OF_DATASETS
        and (not severities or version.content["severity"] in severities)
    }


def checks_of(*, actor: Actor, dataset_id: UUID) -> list[Check]:
    """The newest first."""
    dataset(actor=actor, dataset_id=dataset_id)
    return list(Check.objects.filter(dataset_id=dataset_id).order_by("-began_at")[:SHOWN])


def check(*, actor: Actor, check_id: UUID) -> Check:
    one = find(Check.objects.select_related("department"), pk=check_id)
    permit(actor, SEE, department_id=one.department_id)
    return one


def findings_of(one: Check) -> list[Finding]:
    """What was found, the most first."""
    return list(one.findings.select_related("rule", "version").order_by("-bad", "rule__number"))


def finding(*, actor: Actor, finding_id: UUID, verb: str) -> Finding:
    one = find(Finding.objects.select_related("rule", "version", "of_check"), pk=finding_id)
    permit(actor, verb, department_id=one.rule.department_id)
    return one


def newest(actor: Actor) -> list[Check]:
    """The newest finished check of each dataset the actor sees."""
    done = _own(actor, Check.objects.filter(state=Check.State.DONE)).select_related("department")
    found = done.order_by("dataset_id", "-began_at").distinct("dataset_id")
    return sorted(found, key=lambda one: (one.department.short_name, one.title))


@dataclass(frozen=True)
class Board:
    """How the data stand: the newest check of each dataset, score by department, by day, the worst rules, tickets."""

    checks: list[Check]
    departments: list[tuple[str, float, dict[str, float]]]
    days: list[tuple[date, float]]
    worst: list[Finding]
    score: float | None
    open: int
    late: int


def board(*, actor: Actor) -> Board:
    """Six queries, whatever the number of datasets."""
    permit(actor, SEE, department_id=actor.department_id)
    checks = newest(actor)
    days = (
        _own(actor, Check.objects.filter(state=Check.State.DONE, score__isnull=False))
        .values("ended_at__date").annotate(score=Avg("score")).order_by("-ended_at__date")[:SHOWN]
    )  # fmt: skip
    worst = Finding.objects.filter(of_check__in=[one.pk for one in checks], bad__gt=0)
    tickets = _own(actor, Ticket.objects.exclude(state=Ticket.State.CLOSED))
    told = tickets.aggregate(open=Count("id"), late=Count("id", filter=Q(due_on__lt=today())))
    scored = [one.score for one in checks if one.score is not None]
    return Board(
        checks=checks,
        departments=_by_department(checks),
        days=[(row["ended_at__date"], row["score"]) for row in reversed(days)],
        worst=list(worst.select_related("rule", "version", "of_check__department").order_by("-bad")[:10]),
        score=round(sum(scored) / len(scored), 1) if scored else None,
        open=told["open"],
        late=told["late"],
    )


def _by_department(checks: Sequence[Check]) -> list[tuple[str, float, dict[str, float]]]:
    found: dict[str, list[Check]] = {}
    for one in checks:
        if one.score is not None:
            found.setdefault(one.department.short_name, []).append(one)
    return [(name, _mean([one.score for one in ones]), _dimensions(ones)) for name, ones in found.items()]


def _dimensions(checks: Sequence[Check]) -> dict[str, float]:
    names = {name for one in checks for name in one.dimensions}
    return {name: _mean([one.dimensions[name] for one in checks if name in one.dimensions]) for name in names}


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 1) if known else 0.0


def tickets(*, actor: Actor, state: str = "", cursor: str = "", size: int = 50) -> Page:
    """The newest first; `late`: open and past their day."""
    permit(actor, SEE, department_id=actor.department_id)
    rows = _own(actor, Ticket.objects.select_related("rule", "department", "finding__version", "finding__of_check"))
    if state == "late":
        rows = rows.exclude(state=Ticket.State.CLOSED).filter(due_on__lt=today())
    elif state in Ticket.State.values:
        rows = rows.filter(state=state)
    return page_of(rows, order=["-number"], cursor=cursor, size=size)


def ticket(*, actor: Actor, ticket_id: UUID) -> Ticket:
    one = find(
        Ticket.objects.select_related("rule", "department", "finding__version", "finding__of_check"), pk=ticket_id
    )
    permit(actor, SEE, department_id=one.department_id)
    return one


def lamps(rows: Sequence[Ticket]) -> dict[UUID, str]:
    """Ticket → its lamp; one query."""
    clocks = clocks_of([one.subject for one in rows])
    return {one.pk: lamp_of(clocks[one.subject][0]) for one in rows if clocks.get(one.subject)}


def bad_now(one: Rule) -> int:
    """How many rows offend against a rule as it holds today: in the view, and aside without having come back."""
    version = in_force(RuleVersion.objects.filter(rule=one), today())
    if version is None or version.content["spec"]["kind"] in OF_DATASETS:
        return 0
    spec = compiled(version.content["spec"])
    each = lake.checked(actor=HAND, dataset_id=one.dataset_id, specs=[spec])[2]
    return each[0] + lake.aside_counts(actor=HAND, dataset_id=one.dataset_id).get(one.code, 0)


def _own(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if actor.scope(SEE) == Scope.ALL else rows.filter(department_id=actor.department_id)
