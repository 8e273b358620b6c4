"""No sequence of verbs, played by anybody, loses a case, a clock or a right. On the real database, each play undone after it."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tongban.foundation.audit.models import Fact
from tongban.foundation.clocks.queries import clocks_of, replay
from tongban.foundation.identity.queries import staff_of
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.services.cases.models import Case
from tongban.services.cases.queries import WorkFilters, case_for, standing_of, timeline, worklist
from tongban.services.cases.rules import ACCEPTING, open_verbs

from .a_town import MAY, VERBS, Town, act, build

WHO = [
    "clerk", "clerk second", "clerk there", "reviewer", "reviewer second", "reviewer there", "approver", "approver second",
    "approver there", "approver there second", "approver by deputy", "reviewer by deputy", "dept_head", "supervisor", "applicant",
]  # fmt: skip
# What ends a case at once is tried seldom, else every play would be short.
USUAL = sorted(set(VERBS) - {"withdraw", "terminate", "void", "refuse_acceptance", "transfer"})
ENDS = sorted(set(VERBS) - set(USUAL))
PICKS = st.integers(0, 60)


class Play(RuleBasedStateMachine):
    """One case after another is played with; `town` is set by the test."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.case: Case | None = None
        self.seen_steps: dict[Any, str] = {}
        self.seen_lines = 0

    @initialize(flow=st.integers(0, 3))
    def begin(self, flow: int) -> None:
        self.case = self.town.new_case(flow)

    @rule(verb=st.sampled_from(USUAL), who=st.sampled_from(WHO), pick=PICKS)
    def anybody_tries(self, verb: str, who: str, pick: int) -> None:
        self.attempt(verb, who, pick)

    @rule(verb=st.sampled_from(USUAL), pick=PICKS)
    def somebody_who_may_does(self, verb: str, pick: int) -> None:
        """Those whose post might do it try in turn until one is let through, so that plays get somewhere."""
        turn = pick % len(WHO)
        for who in WHO[turn:] + WHO[:turn]:
            if who.split()[0] in MAY[verb].split() and self.attempt(verb, who, pick):
                return

    @precondition(lambda self: self.case is not None and self.seen_lines > 12)
    @rule(verb=st.sampled_from(ENDS), who=st.sampled_from(WHO), pick=PICKS)
    def somebody_ends_it(self, verb: str, who: str, pick: int) -> None:
        self.attempt(verb, who, pick)

    def attempt(self, verb: str, who: str, pick: int) -> bool:
        before = Case.objects.get(pk=self.case.pk)
        actor, offer = self.town.people[who], before.transfers.filter(answer="").first()
        asked = set(before.steps.filter(state="todo", is_opinion=True).values_list("department_id", flat=True))
        lines, facts = before.events.count(), self.facts()
        try:
            with transaction.atomic():
                act(self.town, before, verb, who, pick)
        except TongbanError:
            assert (before.events.count(), self.facts()) == (lines, facts), "who was refused left a trace"
            return False
        assert before.is_open, f"{who} did {verb} to a closed case"
        assert who.split()[0] in MAY[verb].split(), f"{who} did {verb}"
        assert before.events.count() > lines, f"{verb} left no line"
        places = {before.department_id, *asked, *([offer.to_department_id] if offer else [])}
        if verb == "take_back":  # he passed it on himself, wherever he sits
            places.add(actor.department_id)
        assert actor.kind != "staff" or who == "supervisor" or actor.department_id in places, f"{who} is of elsewhere"
        self.clocks_go_on(verb, before)
        return True

    def facts(self) -> int:
        return Fact.objects.filter(stream=f"case:{self.case.pk}").count()

    def clocks_go_on(self, verb: str, before: Case) -> None:
        """The verbs of working together move no limit."""
        together = {"reassign", "send_back", "ask_opinions", "add_signer", "sign", "excuse", "take_back", "urge", "take_over",
                    "offer_transfer", "return_transfer", "claim", "release", "assign", "review", "give_opinion"}  # fmt: skip
        if verb in together:
            now = Case.objects.get(pk=before.pk)
            for name in ("answer_due_on", "promise_due_on", "statutory_due_on", "accepted_at", "received_at"):
                assert getattr(now, name) == getattr(before, name), f"{verb} moved {name}"

    @invariant()
    def it_is_somewhere_legal(self) -> None:
        if self.case is None:
            return
        case = Case.objects.get(pk=self.case.pk)
        standing, todo = standing_of(case), list(case.steps.filter(state="todo"))
        assert case.stage_key == ACCEPTING or case.stage_key in {stage.key for stage in standing.stages}
        assert case.is_open == (case.state != "closed") == (case.closed_at is None)
        if not case.is_open:
            assert case.result
            assert (todo, case.holder_account_id, case.transfers.filter(answer="").exists()) == ([], None, False)
            return
        assert {step.stage_key for step in todo} <= {case.stage_key}, "a step of another stage is open"
        if case.stage_key != ACCEPTING:
            assert [step for step in todo if step.asking_id is None], "nobody has the next step"
        if case.holder_account_id:
            assert case.holder_account_id in {pk for pk, _name in staff_of(case.holder_department_id)}
        assert case.transfers.filter(answer="").count() == (case.holder_department_id != case.department_id)

    @invariant()
    def its_clocks_are_whole(self) -> None:
        if self.case is None:
            return
        case = Case.objects.get(pk=self.case.pk)
        clocks = clocks_of([f"case:{case.pk}"])[f"case:{case.pk}"]
        for clock in clocks:
            reading = replay(clock)
            assert (reading.promise_due_on, reading.statutory_due_on) == (clock.promise_due_on, clock.statutory_due_on)
        running = [clock.kind for clock in clocks if clock.ended_on is None]
        assert len(running) == (case.is_open and case.state != "correction"), f"{running} run in {case.state}"

    @invariant()
    def its_trace_is_whole(self) -> None:
        if self.case is None:
            return
        case = self.case
        lines = case.events.count()
        assert lines >= self.seen_lines
        self.seen_lines = lines
        assert lines == self.facts(), "each line of the time line is a fact, and each fact a line"
        steps = {step.pk: step.opinion for step in case.steps.all()}
        assert self.seen_steps.items() <= steps.items() | {(pk, "") for pk in steps}, "a step or an opinion is gone"
        self.seen_steps = {pk: opinion for pk, opinion in steps.items() if opinion}
        applicant = timeline(self.town.applicant, case.pk)
        inner = {"转办", "会签", "加签", "商请移送", "退回移送", "不再征求意见", "出具会签意见", "退回前一环节"}
        assert not inner & {str(event.title) for event in applicant}, "the applicant reads what is between colleagues"

    @invariant()
    def nobody_both_reviewed_and_decided(self) -> None:
        if self.case is None or self.case.project_type == "1":
            return
        looked = self.case.steps.filter(kind="review", state__in=["done", "undone"])
        decided = self.case.events.filter(verb="decide").values_list("account_id", "for_account_id")
        reviewers = {name for pair in looked.values_list("account_id", "for_account_id") for name in pair}
        assert not {name for pair in decided for name in pair if name} & reviewers

    @invariant()
    def somebody_has_it_in_his_list(self) -> None:
        if self.case is None or not (case := Case.objects.get(pk=self.case.pk)).is_open:
            return
        clerks = {self.town.people[who].department_id: self.town.people[who] for who in ("clerk", "clerk there")}
        assert case in worklist(clerks[case.department_id]).rows
        if case.holder_department_id != case.department_id:
            assert case in worklist(clerks[case.holder_department_id], WorkFilters(asked=True)).rows
        by_account = {actor.account_id: actor for actor in self.town.staff() if actor.for_account_id is None}
        for step in case.steps.filter(state="todo", named_account_id__isnull=False):
            assert case in worklist(by_account[step.named_account_id], WorkFilters(asked=True)).rows
        for offer in case.transfers.filter(answer="taken"):
            assert case_for(clerks[offer.from_department_id], case.pk) == case, "who handed it over may read on"

    def teardown(self) -> None:
        try:
            if self.case is not None:
                self.it_comes_to_an_end()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def it_comes_to_an_end(self) -> None:
        """Whatever has happened: some people, each doing only what he may, bring it to a result."""
        onward = ("take_over", "resume", "supply_correction", "accept", "excuse", "review", "give_opinion", "decide", "certify",
                  "deliver", "close")  # fmt: skip
        for _round in range(60):
            now = Case.objects.get(pk=self.case.pk)
            if not now.is_open:
                break
            possible = open_verbs(standing_of(now))
            assert any(
                self.attempt(verb, who, 0)
                for verb in onward
                if verb in possible
                for who in WHO
                if who.split()[0] in MAY[verb].split()
            ), "nobody can do anything"
        self.it_is_somewhere_legal()
        self.its_clocks_are_whole()
        self.its_trace_is_whole()
        self.nobody_both_reviewed_and_decided()
        assert not Case.objects.get(pk=self.case.pk).is_open


def play(town: Town, examples: int, steps: int) -> None:
    machine = type("PlayInTown", (Play,), {"town": town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            database=None,
        ),
    )


@pytest.mark.slow
@pytest.mark.hypothesis
@pytest.mark.django_db
def test_plays() -> None:
    """A play takes some five seconds; `TONGBAN_PLAYS=500` makes a night of it."""
    play(build(), examples=int(os.environ.get("TONGBAN_PLAYS", "3")), steps=40)


@pytest.mark.django_db
def test_a_stranger_of_another_department_finds_nothing() -> None:
    town = build()
    case = town.new_case(0)
    with pytest.raises(NotFound):
        case_for(town.people["clerk there"], case.pk)
