"""The whole API, asked for everything its schema allows and much that it forbids, by everybody who may call it.

Schemathesis makes the calls up; the real application answers them, in this process, from a real database. No 5xx, every
answer as the schema tells it, every refusal a problem document whose code docs/errors.md explains. By itself an operation is
asked about things that exist and about things that do not; by the state machine, about what an earlier answer named (links).
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import ExitStack
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.generation.stateful import run_state_machine_as_test

from tests.house.rights import Town
from tongban.web.management.commands.openapi import PATH

from .callers import APP, undone
from .checks import CHECKS, negative_data_rejection, problem_is_explained
from .conftest import WHO
from .lengths import LONG, examples, made_up

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.hypothesis]
LEFT_BEHIND = 200  # objects after hundreds of calls; one for each would be many more
Calls = dict[str, dict[str, Any]]


def schema() -> Any:
    read = schemathesis.openapi.from_path(str(PATH))
    read.app = APP
    return read


def about_what_there_is(case: Any, town: Town) -> None:
    """Ids and keys made up are never anybody's: here stand those of the town."""
    named = town.things | {"code": town.things["item_code"]}
    if case.path_parameters:
        case.path_parameters = {name: named.get(name, value) for name, value in case.path_parameters.items()}
    if isinstance(case.body, dict) and "item_code" in case.body:
        case.body = case.body | {"item_code": named["item_code"]}


def test_every_operation_answers_whatever_it_is_sent(town: Town, calls: Calls) -> None:
    faults, statuses = [], Counter[int]()
    for operation in (found.ok() for found in schema().get_all_operations()):
        for mode in GenerationMode:

            @made_up(examples(short=2, long=300))
            @given(
                case=operation.as_strategy(generation_mode=mode),
                who=st.sampled_from(WHO),
                exists=st.sampled_from((True, False)),
            )
            def asked(case: Any, who: str, exists: bool) -> None:
                checks = CHECKS
                if exists:
                    checks = [
                        check for check in CHECKS if check is not negative_data_rejection or not case.path_parameters
                    ]
                    about_what_there_is(case, town)  # what was wrong may have been the address, and now is not
                with undone():
                    answer = case.call(**calls[who])
                statuses[answer.status_code] += 1
                case.validate_response(answer, checks=checks, additional_checks=[problem_is_explained])

            try:
                asked()
            except Exception as fault:  # all that there are, not the first alone
                faults += [f"{operation.label}: {one}" for one in getattr(fault, "exceptions", [fault])]
    print(f"answers: {dict(sorted(statuses.items()))}")  # noqa: T201
    assert not faults, "\n\n".join(faults)


def test_what_an_answer_leads_to_answers_as_well(town: Town, calls: Calls) -> None:
    class Machine(schema().as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.all, self.count = ExitStack(), 0
            self.all.enter_context(undone())

        def teardown(self) -> None:
            self.all.close()

        def before_call(self, case: Any) -> None:
            self.count += 1
            if self.count == 1:
                about_what_there_is(case, town)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return calls["system" if self.count % 3 else "applicant"]

        def validate_response(self, answer: Any, case: Any, additional_checks: Any = None, **kwargs: Any) -> None:
            case.validate_response(answer, checks=CHECKS, additional_checks=[problem_is_explained])

    run_state_machine_as_test(Machine, settings=made_up(examples(short=5, long=500), stateful_step_count=8))


def test_calls_leave_nothing_behind_in_memory(town: Town, calls: Calls) -> None:
    """The same calls again and again: what a process holds does not grow with them."""
    read = schema()
    cases = [read[f"/api/v1/{path}"]["GET"].Case() for path in ("items", "cases", "drafts")]
    cases += [read["/api/v1/items/{code}"]["GET"].Case(path_parameters={"code": "none"})]
    cases += [read["/api/v1/drafts"]["POST"].Case(body=body) for body in ({}, {"item_code": town.things["item_code"]})]

    def rounds(times: int) -> int:
        for _ in range(times):
            for case in cases:
                for sent in (calls["system"], calls["applicant"]):
                    with undone():
                        case.call(**sent)
        gc.collect()
        return len(gc.get_objects())

    rounds(2)
    before = rounds(1)
    assert rounds(500 if LONG else 6) - before < LEFT_BEHIND
