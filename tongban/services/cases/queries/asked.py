"""Who is asked for an opinion beside the flow, and who is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.models import Case, CaseStep, Transfer

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def to_me(actor: Actor) -> Q:
    """Steps that wait for an opinion of this actor: named to him, or to anybody of his department."""
    ours = Q(named_account_id=None, department_id=actor.department_id)
    return Q(is_opinion=True) & (Q(named_account_id=actor.seat_id) | ours)


def at_my_counter(actor: Actor) -> Q | None:
    """Steps that a flow sends to the counter this actor's post works at, whichever department's they are."""
    if actor.counter is None:
        return None
    hall, window = actor.counter
    return Q(is_opinion=False, hall=hall, window__in=("", window), state="todo")


def asked_step(case_id: UUID, actor: Actor) -> CaseStep | None:
    """What was asked of this actor beside the flow and is not answered; what names him comes first."""
    rows = CaseStep.objects.filter(to_me(actor), case_id=case_id, state="todo").exclude(asking=None)
    return rows.order_by("named_account_id", "started_at", "position").first()  # nulls last


def waiting_for(actor: Actor) -> QuerySet[Any]:
    """Ids of the cases that wait for this actor: for an opinion, for whether his department takes one over, at his counter."""
    opinions = CaseStep.objects.filter(to_me(actor), state="todo").values("case_id")
    offers = Transfer.objects.filter(to_department_id=actor.department_id, answer="").values("case_id")
    counter = at_my_counter(actor)
    there = [] if counter is None else [CaseStep.objects.filter(counter).values("case_id")]
    return opinions.union(offers, *there)


def handed_over(actor: Actor) -> QuerySet[Any]:
    """Ids of the cases this actor's department handed over to another, whose course it may still read."""
    return Transfer.objects.filter(from_department_id=actor.department_id, answer="taken").values("case_id")


@dataclass(frozen=True)
class Missing:
    """One of a round: who, what came of it, until when."""

    step: CaseStep
    who: str
    is_missing: bool
    due_on: date | None


@dataclass(frozen=True)
class Round:
    """One round of opinions as the asker follows it."""

    kind: str
    question: str
    rule: str
    asked_by: str
    asked_at: datetime
    answers: list[Missing]

    @property
    def missing(self) -> int:
        return sum(answer.is_missing for answer in self.answers)


def rounds_of(case: Case) -> list[Round]:
    """The rounds of opinions of a case, the latest first. Four queries, one when there is none."""
    askings = list(case.askings.order_by("-asked_at").prefetch_related("steps"))
    if not askings:
        return []
    steps = [step for asking in askings for step in asking.steps.all()]
    people = {step.named_account_id for step in steps} | {step.account_id for step in steps}
    names = staff_names({pk for pk in people if pk} | {asking.asked_by for asking in askings})
    departments = department_names({step.department_id for step in steps})

    def who(step: CaseStep) -> str:
        name = names.get(step.account_id or step.named_account_id or step.department_id, "")
        return " ".join(part for part in (departments.get(step.department_id, ""), name) if part)

    return [
        Round(
            asking.get_kind_display(), asking.question, asking.get_rule_display(), names.get(asking.asked_by, ""),
            asking.asked_at,
            [
                Missing(step, who(step), step.state == "todo", step.due_on)
                for step in sorted(asking.steps.all(), key=lambda step: (step.round, step.position))
                if step.state != "undone"
            ],
        )
        for asking in askings
    ]  # fmt: skip
