"""Rules, what checks found, scores, and tickets, for those whose data they are and for the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tongban.data.lake import queries as lake
from tongban.data.quality.models import Check, Finding, Rule, RuleVersion, Ticket
from tongban.data.quality.rules import OF_DATASETS
from tongban.data.standards.queries import codes_in_force
from tongban.foundation.kernel.actors import Actor, Scope, installer, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find

SEE, MANAGE, ANSWER, HANDLE = "quality.see", "quality.manage", "quality.answer", "quality.handle"
HAND = installer("lake.read", "lake.write")  # the lake's rights are machinery's; ours have been asked before
SHOWN = 30  # checks in a trend
SMALL = 12  # checks in a trend beside a name


def datasets(*, actor: Actor) -> list[Any]:
    """The datasets of the lake that the actor sees, by name."""
    permit(actor, SEE, department_id=actor.department_id)
    return lake.datasets_of(actor=actor, verb=SEE)


def dataset(*, actor: Actor, dataset_id: UUID, verb: str = SEE) -> Any:
    one = lake.dataset(actor=HAND, dataset_id=dataset_id)
    permit(actor, verb, department_id=one.department_id)
    return one


def asked(dataset_id: UUID, on: date | None = None) -> list[tuple[Rule, RuleVersion]]:
    """The rules that are asked of a dataset on a day, each as it then is. Two queries."""
    there = RuleVersion.objects.filter(status=RuleVersion.Status.PUBLISHED, effective_on__lte=on or today())
    held = Prefetch("versions", there.order_by("-effective_on", "-version"), to_attr="held")
    rules = Rule.objects.filter(dataset_id=dataset_id, ended_at=None).order_by("number").prefetch_related(held)
    return [(rule, rule.held[0]) for rule in rules if rule.held]


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


def knows(spec: Mapping[str, Any]) -> bool:
    """Whether the other dataset that a rule names has the columns it names there."""
    other = lake.dataset_by_key(actor=HAND, key=spec["dataset"])
    wanted = {spec[name] for name in ("their_column", "their_key") if spec.get(name)}
    return other is not None and wanted <= set(other.names)


def fits(spec: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether a rule can be asked of a dataset with these columns: a column it is about may have gone, here or in the other one."""
    return set(spec["columns"]) <= set(names) and (not spec.get("dataset") or knows(spec))


def fitting(dataset_id: UUID) -> list[tuple[Rule, RuleVersion]]:
    """The rules asked today that can be asked."""
    names = lake.dataset(actor=HAND, dataset_id=dataset_id).names
    return [(rule, version) for rule, version in asked(dataset_id) if fits(version.content["spec"], names)]


def row_specs(pairs: Sequence[tuple[Rule, RuleVersion]], *severities: str) -> dict[str, dict[str, Any]]:
    """Code → spec of those rules that are asked of rows; of some severities or all."""
    return {
        rule.code: compiled(version.content["spec"])
        for rule, version in pairs
        if version.content["spec"]["kind"] not in OF_DATASETS
        and (not severities or version.content["severity"] in severities)
    }


def newest_batch_at(dataset_id: UUID) -> datetime | None:
    """When the newest batch came into a dataset."""
    merged = [one.merged_at for one in lake.batches(actor=HAND, dataset_id=dataset_id) if one.merged_at]
    return max(merged, default=None)


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


def findings_over(one: Rule) -> list[Finding]:
    """What a rule found in the last checks, the oldest first."""
    rows = Finding.objects.filter(rule=one, of_check__state=Check.State.DONE).select_related("of_check", "version")
    return list(reversed(rows.order_by("-of_check__began_at")[:SHOWN]))


def tickets_of(one: Rule) -> list[Ticket]:
    """The newest first."""
    return list(one.tickets.select_related("department").order_by("-number")[:SHOWN])


def titles_of_rules(codes: Iterable[str]) -> dict[str, str]:
    """What the lake calls a rule (`rule:7`) → its title now. Two queries."""
    numbers = [int(code.removeprefix("rule:")) for code in codes if code.removeprefix("rule:").isdecimal()]
    rows = Rule.objects.filter(number__in=numbers).prefetch_related("versions")
    return {one.code: max(one.versions.all(), key=lambda version: version.version).content["title"] for one in rows}


def trends(dataset_ids: Iterable[UUID]) -> dict[UUID, list[float | None]]:
    """The scores of the last few checks of each dataset, the oldest first. One query."""
    order = Window(RowNumber(), partition_by=[F("dataset_id")], order_by=F("began_at").desc())
    rows = Check.objects.filter(dataset_id__in=list(dataset_ids), state=Check.State.DONE).annotate(place=order)
    found: dict[UUID, list[float | None]] = {}
    for dataset_id, score in rows.filter(place__lte=SMALL).order_by("began_at").values_list("dataset_id", "score"):
        found.setdefault(dataset_id, []).append(score)
    return found


def newest(actor: Actor) -> list[Check]:
    """The newest finished check of each dataset the actor sees."""
    done = own(actor, Check.objects.filter(state=Check.State.DONE)).select_related("department")
    found = done.order_by("dataset_id", "-began_at").distinct("dataset_id")
    return sorted(found, key=lambda one: (one.department.short_name, one.title))


@dataclass(frozen=True)
class Board:
    """How the data stand: the newest check of each dataset, their scores so far, score by department, by dimension, by day, the
    worst rules, tickets."""

    checks: list[Check]
    trends: dict[UUID, list[float | None]]
    dimensions: dict[str, float]
    departments: list[tuple[str, float, dict[str, float]]]
    days: list[tuple[date, float]]
    worst: list[Finding]
    score: float | None
    open: int
    late: int


def board(*, actor: Actor) -> Board:
    """Seven queries, whatever the number of datasets."""
    permit(actor, SEE, department_id=actor.department_id)
    checks = newest(actor)
    days = (
        own(actor, Check.objects.filter(state=Check.State.DONE, score__isnull=False))
        .values("ended_at__date").annotate(score=Avg("score")).order_by("-ended_at__date")[:SHOWN]
    )  # fmt: skip
    worst = Finding.objects.filter(of_check__in=[one.pk for one in checks], bad__gt=0)
    tickets = own(actor, Ticket.objects.exclude(state=Ticket.State.CLOSED))
    told = tickets.aggregate(open=Count("id"), late=Count("id", filter=Q(due_on__lt=today())))
    scored = [one.score for one in checks if one.score is not None]
    return Board(
        checks=checks,
        trends=trends(one.dataset_id for one in checks),
        dimensions=dimensions_of(checks),
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
    return [(name, mean([one.score for one in ones]), dimensions_of(ones)) for name, ones in found.items()]


def dimensions_of(checks: Sequence[Check]) -> dict[str, float]:
    names = {name for one in checks for name in one.dimensions}
    return {name: mean([one.dimensions[name] for one in checks if name in one.dimensions]) for name in names}


def mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 1) if known else 0.0


def own(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if actor.scope(SEE) == Scope.ALL else rows.filter(department_id=actor.department_id)
