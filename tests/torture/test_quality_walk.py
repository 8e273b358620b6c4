"""Rows delivered, checked, put aside, corrected and delivered again, tickets answered by right and wrong people, the process killed at
the worst moments: after each step the lake and the tickets are as the model says, and no row that was ever delivered is lost.

`TONGBAN_WALKS=200 TONGBAN_WALK_SEED=7 pytest tests/torture/test_quality_walk.py -n0 -s` walks longer.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import transaction

from tongban.data.lake.gateways import Lake, open_lake
from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import make_dataset, own_lake, pour
from tongban.data.quality import actions
from tongban.data.quality.errors import QualityMoved, TicketRefused
from tongban.data.quality.models import Check, Finding, Rule, Ticket
from tongban.data.quality.queries import bad_now
from tongban.data.quality.tests.factories import PLATFORM, content, steward_of
from tongban.foundation.clocks.queries import clocks_of
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed

from .walk import EMPTY, LONG, TWICE, Model, Row

pytestmark = pytest.mark.django_db
WALKS, STEPS = int(os.environ.get("TONGBAN_WALKS", 3)), 25
SEED = int(os.environ.get("TONGBAN_WALK_SEED", 20261122))
SPECS: dict[str, dict[str, Any]] = {
    EMPTY: {"kind": "not_null", "columns": ["born_on"]},
    LONG: {"kind": "length", "columns": ["name"], "most": "3"},
    TWICE: {"kind": "unique", "columns": ["name"]},
}
NAMES = ("李华", "王芳", "赵六", "孙七", "周八", "欧阳示例", "司马示例二")
DEEDS: dict[str, Callable[..., Ticket]] = {
    "corrected": actions.correct, "explained": actions.explain, "closed": actions.close, "returned": actions.give_back,
}  # fmt: skip


class Killed(BaseException):
    """As if the process were gone: nobody catches it, nothing is told."""


class Walk:
    """One dataset, its steward, and the model beside it."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.rng, self.folder, self.model = random.Random(seed), folder, Model()
        self.dataset: Dataset = make_dataset()
        self.steward = steward_of(self.dataset.department_id)
        self.source: dict[str, Row] = {}
        self.pending: dict[str, Row] = {}
        self.ever: set[tuple[str, str, str]] = set()
        self.done: Counter[str] = Counter()
        self.rules = {name: self.save(name, "error") for name in SPECS}

    def save(self, name: str, severity: str, rule_id: Any = None) -> Rule:
        said = content(SPECS[name], title=name, severity=severity)
        made = actions.save_rule(
            actor=self.steward, dataset_id=self.dataset.pk, content=said, effective_on=today(), rule_id=rule_id
        )
        return made.rule

    # -- steps

    def change(self) -> None:
        for _ in range(self.rng.randint(1, 4)):
            number = f"a{self.rng.randint(1, 9)}"
            born = None if self.rng.random() < 0.3 else str(date(1990, 1, 1) + timedelta(days=self.rng.randint(0, 4)))
            self.source[number] = self.pending[number] = (self.rng.choice(NAMES), born)
        if self.source and self.rng.random() < 0.2:
            gone = self.rng.choice(sorted(self.source))
            del self.source[gone]
            self.pending.pop(gone, None)

    def deliver(self) -> None:
        whole = self.rng.random() < 0.3
        rows = dict(self.source if whole else self.pending)
        self.dataset.refresh_from_db()
        pour(self.dataset, [(number, *row) for number, row in rows.items()], whole=whole)
        self.model.deliver(rows, whole=whole)
        self.ever |= {(number, name, str(born)) for number, (name, born) in rows.items()}
        self.pending = {}

    def check(self) -> None:
        """Killed somewhere, mostly; and done again, as the worker does."""
        check = actions.ask_check(actor=self.steward, dataset_id=self.dataset.pk)
        if self.rng.random() < 0.6:
            where = self.rng.choice(sorted(KILLS))
            self.done[f"killed {where}"] += 1
            with KILLS[where](), suppress(Killed), transaction.atomic():
                actions.run_check(check_id=check.pk)
                transaction.set_rollback(True)  # it was not come by
            self.nothing_lost()
        check = actions.run_check(check_id=check.pk)
        assert check.state == Check.State.DONE, check.fault
        found = dict(Finding.objects.filter(of_check=check).values_list("rule__number", "bad"))
        assert {name: found[rule.number] for name, rule in self.rules.items()} == self.model.check()

    def turn(self) -> None:
        """A rule becomes milder or sharper."""
        name = self.rng.choice((EMPTY, LONG))
        self.model.errors ^= {name}
        self.save(name, "error" if name in self.model.errors else "warning", self.rules[name].pk)

    def answer(self) -> None:
        name, what, words = (
            self.rng.choice(sorted(SPECS)),
            self.rng.choice(sorted(DEEDS)),
            self.rng.choice(("", " ", "查过了")),
        )
        one = Ticket.objects.filter(rule=self.rules[name]).order_by("number").last()
        if one is None:
            return
        right = self.steward if what in ("corrected", "explained") else PLATFORM
        wrong = steward_of(make_other()) if what in ("corrected", "explained") else self.steward
        with pytest.raises(NotAllowed):
            self.act(what, one, wrong, "查过了")
        try:
            self.act(what, one, right, words)
            taken = True
        except (QualityMoved, TicketRefused):
            taken = False
        assert taken == self.model.step(name, what, words), (name, what, words)
        self.done[f"ticket {what}" if taken else "ticket step refused"] += 1

    def act(self, what: str, one: Ticket, actor: Actor, words: str) -> None:
        with transaction.atomic():
            DEEDS[what](actor=actor, ticket_id=one.pk, words=words)

    # -- what must be so

    def compare(self) -> None:
        with open_lake() as lake:
            rows = lake.rows(f"select number, name, born_on::varchar as born from lake.{self.dataset.key}")
        view = {row["number"]: (row["name"], row["born"]) for row in rows}
        assert len(view) == len(rows), "a row is there twice"
        assert view == self.model.view
        assert {name: bad_now(rule) for name, rule in self.rules.items()} == {
            name: self.model.bad(name) for name in SPECS
        }
        self.nothing_lost()
        for name, rule in self.rules.items():
            tickets = list(Ticket.objects.filter(rule=rule).order_by("number"))
            model = self.model.tickets[name]
            assert [(one.state, [step.what for step in one.steps.order_by("id")]) for one in tickets] == [
                (one.state, one.steps) for one in model
            ]
            for one in tickets:
                (clock,) = clocks_of([one.subject])[one.subject]
                assert one.due_on == clock.promise_due_on
                assert (clock.ended_on is not None) == (one.state == "closed")

    def nothing_lost(self) -> None:
        """The last word on each row is in the view, or lies aside with its reasons, in files that any engine reads."""
        with open_lake() as lake:
            view = {
                tuple(map(str, row.values()))
                for row in lake.rows(f"select number, name, born_on from lake.{self.dataset.key}")
            }
        lost = {(number, name, str(born)) for number, (name, born) in self.model.told.items()} - view
        files = [str(path) for path in (self.folder / "quarantine" / self.dataset.key).glob("*.parquet")]
        if lost and files:
            with duckdb.connect() as duck:
                kept = "select number, name, born_on from read_parquet($1, union_by_name = true) where len(_faults) > 0"
                lost -= {tuple(map(str, row)) for row in duck.execute(kept, [files]).fetchall()}
        assert not lost, "neither in the view nor aside"
        assert view <= self.ever, "a row that nobody delivered"


def make_other() -> Any:
    from tongban.foundation.organisations.tests.factories import make_department

    return make_department().pk


@contextmanager
def _killed(
    owner: Any, name: str, *, before: bool, when: Callable[..., bool] = lambda *_a, **_k: True
) -> Iterator[None]:
    """The process dies just before or just after it calls this, where `when` says so."""
    patch, real = pytest.MonkeyPatch(), getattr(owner, name)

    def dying(*said: Any, **named: Any) -> Any:
        if not when(*said, **named):
            return real(*said, **named)
        if before:
            raise Killed
        real(*said, **named)
        raise Killed

    patch.setattr(owner, name, dying)
    try:
        yield
    finally:
        patch.undo()


def _takes_out(_lake: Any, *statements: str) -> bool:
    return any(one.startswith("delete from") for one in statements)


def _is_aside(_path: Path, target: Path) -> bool:
    return Path(target).name.startswith("aside-")


KILLS: dict[str, Callable[[], Any]] = {
    "before rows are taken out": lambda: _killed(Lake, "run", before=True, when=_takes_out),
    "after rows are taken out": lambda: _killed(Lake, "run", before=False, when=_takes_out),
    "before the file has its name": lambda: _killed(Path, "replace", before=True, when=_is_aside),
    "after the file has its name": lambda: _killed(Path, "replace", before=False, when=_is_aside),
    "before it is told": lambda: _killed(Finding.objects, "bulk_create", before=True),
    "at the end": nullcontext,
}  # fmt: skip


@pytest.mark.parametrize("number", range(WALKS))
def test_a_walk_leaves_all_as_the_model_says(
    number: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with own_lake(tmp_path):
        walk = Walk(tmp_path, f"{SEED} {number}")
        steps = {walk.change: 5, walk.deliver: 5, walk.check: 4, walk.turn: 1, walk.answer: 6}
        walk.change()
        for _ in range(STEPS):
            step = walk.rng.choices(list(steps), list(steps.values()))[0]
            step()
            walk.done[step.__name__] += 1
            walk.compare()
    for what, times in sorted(walk.done.items()):
        record_property(what, times)
