"""What lies aside is never lost, and comes back with the batch that brings it well, whatever it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongban.data.lake import queries as lake
from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import HAND, pour
from tongban.data.quality import actions, queries
from tongban.data.quality.models import Check, Rule
from tongban.foundation.kernel.actors import Actor

from .factories import checked, make_rule

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    pass


def test_rows_leave_the_view_when_their_file_has_its_name_and_not_before(
    people: Dataset, steward: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_rule(steward, people)
    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", lambda *_said: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            checked(steward, people)
    assert lake.count(actor=HAND, dataset_id=people.pk) == 4
    assert actions.run_check(check_id=Check.objects.get().pk).aside == 2
    assert queries.bad_now(Rule.objects.get()) == 2


def test_a_row_put_right_to_what_stood_before_lies_aside_no_longer(people: Dataset, steward: Actor) -> None:
    rule = make_rule(steward, people).rule
    pour(people, [("a1", "李华", None)])
    assert queries.bad_now(rule) == 3, "two that stand, and the one that did not come in"
    pour(people, [("a1", "李华", "1990-03-07")])  # as it was: the fault was the delivery's
    assert queries.bad_now(rule) == 2


def test_a_row_put_right_for_one_rule_and_taken_out_for_another_lies_aside_for_that_alone(
    people: Dataset, steward: Actor
) -> None:
    empty = make_rule(steward, people).rule
    pour(people, [("a5", "李华", None)])
    assert queries.bad_now(empty) == 3
    pour(people, [("a5", "李华", "1990-03-07")])  # well, and there twice
    twice = make_rule(steward, people, {"kind": "unique", "columns": ["name"]}).rule
    checked(steward, people)
    assert (queries.bad_now(empty), queries.bad_now(twice)) == (2, 2)
