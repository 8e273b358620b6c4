"""Rows delivered, a register built and built again, killed between its parts, conflicts decided, sent back and answered, records merged and
parted: after each step the register says what the model says, no source's value is lost, and what was merged parts as it was.

`TONGBAN_WALKS=200 TONGBAN_WALK_SEED=7 pytest tests/torture/test_registers_walk.py -n0 -s` walks longer.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tongban.data.lake.tests.factories import own_lake
from tongban.data.registries import actions, queries
from tongban.data.registries.actions import building
from tongban.data.registries.errors import AlreadyJoined, BuildMoved, SettledMeanwhile
from tongban.data.registries.models import Build, Conflict, Earlier, Pair, Record
from tongban.data.registries.rules import candidates
from tongban.data.registries.tests.lake import CONTENT, KEEPER, TITLES, make_datasets, make_register, office, pour
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.identifiers import citizen_id_check
from tongban.foundation.kernel.secrets import blind_index

from .merged import INSURANCE, MARKET, POLICE, TOLD, Model, Row, Thing

pytestmark = pytest.mark.django_db
WALKS, STEPS = int(os.environ.get("TONGBAN_WALKS", 3)), 22
SEED = int(os.environ.get("TONGBAN_WALK_SEED", 20261122))
HEADS = [f"5116021990030710{serial}" for serial in range(1, 6)]
KEYS = [f"{head:0<17}{citizen_id_check(f'{head:0<17}')}" for head in HEADS]
BAD = [key[:-1] + ("1" if key[-1] != "1" else "2") for key in KEYS[:2]] + [""]
NAMES, HOUSES, PHONES = ("李华", "李花", "王芳"), ("翠屏路18号", "五福街7号"), ("13900000001", "13900000002", "1390000")


class Killed(BaseException):
    """As if the process were gone: nobody catches it, nothing is told."""


class Walk:
    """Three sources, a register, its stewards, and the model beside it."""

    def __init__(self, seed: str) -> None:
        self.rng, self.model, self.done = random.Random(seed), Model(lambda number: number in KEYS), Counter[str]()
        self.datasets, self.day = make_datasets(), date(2024, 1, 1)
        self.stewards = {
            name: officer("data_steward", department=office(TITLES[name].partition(" ")[0])) for name in TITLES
        }
        make_register(CONTENT)
        self.open: tuple[Build, Model] | None = None  # a build that was killed, and what it reads
        self.pending: list[Pair] = []
        self.pairs: dict[frozenset[Thing], Pair] = {}
        self.histories: dict[str, list[Any]] = {}

    # -- steps

    def deliver(self) -> None:
        """Of one source all it has, after some of it was changed, added or taken away."""
        dataset = self.rng.choice((POLICE, INSURANCE, MARKET))
        rows = self.model.rows[dataset]
        for _ in range(self.rng.randint(1, 4)):
            self.day += timedelta(days=1)  # no two rows are of one day: which is newer is never a matter of chance
            number = self.rng.choice(KEYS) if self.rng.random() < 0.8 else self.rng.choice(BAD)
            own = number if dataset == POLICE else str(self.rng.randint(1, 6))
            if own:
                rows[own] = Row(
                    number,
                    self.rng.choice(NAMES),
                    self.rng.choice(HOUSES if dataset == POLICE else PHONES),
                    str(self.day),
                )
        if len(rows) > 1 and self.rng.random() < 0.3:
            del rows[self.rng.choice(sorted(rows))]
        laid = (
            [(row.number, row.name, "511602001001", row.more, row.seen_on, row.seen_on) for row in rows.values()]
            if dataset == POLICE
            else [(own, row.number, row.name, row.more, row.seen_on) for own, row in rows.items()]
        )
        pour(dataset, self.datasets[dataset], laid)

    def build(self) -> None:
        """Killed somewhere between its parts, mostly not taken up again at once."""
        if self.open:
            self.resume()
            return
        run = actions.start_build(actor=KEEPER, register="population", later=False)
        Build.objects.filter(pk=run.pk).update(keys_a_part=self.rng.choice((1, 2, 20_000)))
        self.open = run, self.model.snapshot()
        with pytest.raises(BuildMoved):
            actions.start_build(actor=KEEPER, register="population", later=False)
        if self.rng.random() < 0.6:
            before = self.rng.random() < 0.5
            with _killed(self.rng.randint(1, 3), before=before), suppress(Killed):
                actions.build(build_id=run.pk)
            run.refresh_from_db()
            self.done["killed before a part" if before else "killed after a part"] += 1
            if not run.ended_at and self.rng.random() < 0.7:
                return
        self.resume()

    def resume(self) -> None:
        assert self.open
        run, read = self.open
        done = actions.build(build_id=run.pk)
        assert done.state == Build.State.DONE, done.fault
        assert done.counts.get("keys", 0) == done.expected, "each key once, however often it was killed"
        self.open = None
        self.model.build(read)
        while self.pending:
            actions.build_pair(pair_id=self.pending.pop(0).pk)
        actions.build_now(actor=KEEPER, register="population")
        self.model.build()

    def again(self) -> None:
        """All of it once more: nothing is otherwise."""
        if self.open:
            return
        actions.build_now(actor=KEEPER, register="population")
        self.model.build()
        earlier = Earlier.objects.count()
        counts = actions.build_now(actor=KEEPER, register="population", whole=True).counts
        assert {counts.get(name, 0) for name in ("added", "changed", "gone")} == {0}
        assert Earlier.objects.count() == earlier

    def settle(self) -> None:
        """A conflict decided, sent back or answered, by right and wrong people."""
        known = sorted(place for place, one in self.model.conflicts.items() if one.state != "gone")
        if self.open or not known:  # between a killed build and its end, the model cannot say which keys are in
            return
        key, element = self.rng.choice(known)
        one, model = self.conflict(key, element), self.model.conflicts[key, element]
        with pytest.raises(NotAllowed):
            actions.decide_conflict(
                actor=officer("data_steward"), conflict_id=one.pk, digest=one.digest, choice=0, reason="不归我管"
            )
        what = self.rng.choice(("decide", "decide", "return", "answer", "stale"))
        self.done[f"conflict {what}"] += 1
        if what == "stale":
            with pytest.raises(SettledMeanwhile):
                actions.decide_conflict(actor=KEEPER, conflict_id=one.pk, digest="x", choice=0, reason="看过身份证")
        elif what == "decide":
            _one, said = queries.conflict(actor=KEEPER, conflict_id=one.pk)
            choice = self.rng.randrange(len(said))
            actions.decide_conflict(
                actor=KEEPER, conflict_id=one.pk, digest=one.digest, choice=choice, reason="看过身份证"
            )
            model.state, model.chosen = "decided", (said[choice]["dataset"], said[choice]["value"])
            self.model.shown[key][element] = said[choice]["value"]
        elif what == "return":
            self._return(one, model)
        else:
            self._answer(one, model)

    def _return(self, one: Conflict, model: Any) -> None:
        dataset = self.rng.choice(sorted({dataset for dataset, _value in model.said}))
        if model.state not in ("open", "returned"):
            with pytest.raises(SettledMeanwhile):
                actions.return_conflict(actor=KEEPER, conflict_id=one.pk, dataset=dataset, reason="请核对原始登记")
            return
        actions.return_conflict(actor=KEEPER, conflict_id=one.pk, dataset=dataset, reason="请核对原始登记")
        model.state = "returned"
        model.returned_to = dataset

    def _answer(self, one: Conflict, model: Any) -> None:
        if model.state != "returned":
            with pytest.raises((SettledMeanwhile, NotAllowed)):
                actions.answer_conflict(
                    actor=self.stewards[POLICE], conflict_id=one.pk, corrected=False, reason="核实无误了"
                )
            return
        for name, steward in self.stewards.items():
            if name != model.returned_to:
                with pytest.raises(NotAllowed):
                    actions.answer_conflict(actor=steward, conflict_id=one.pk, corrected=False, reason="核实无误了")
        corrected = self.rng.random() < 0.5
        steward = self.stewards[model.returned_to]
        actions.answer_conflict(actor=steward, conflict_id=one.pk, corrected=corrected, reason="核实过登记表")
        model.state = "returned" if corrected else "open"

    def merge(self) -> None:
        """Two keys, or a row without a good one and a key; what is merged already, or would go in a circle, is refused."""
        rows: list[Thing] = [
            (dataset, own)
            for dataset in (INSURANCE, MARKET)
            for own, row in self.model.rows[dataset].items()
            if row.number not in KEYS
        ]
        what: Thing = self.rng.choice(rows) if rows and self.rng.random() < 0.4 else ("", self.rng.choice(KEYS))
        into = self.rng.choice([key for key in KEYS if ("", key) != what])
        pair = self.pairs.get(frozenset({what, ("", into)}))
        if pair is None:
            side = {"key": what[1]} if not what[0] else {"dataset": what[0], "row_key": what[1]}
            pair = self.pairs[frozenset({what, ("", into)})] = Pair.objects.create(
                register_id="population", left=side, right={"key": into}, sides=blind_index(f"{what}{into}"), probability=0.9,
                found_at=now(),
            )  # fmt: skip
        pair.refresh_from_db()
        left: Thing = ("", pair.left["key"]) if "key" in pair.left else (pair.left["dataset"], pair.left["row_key"])
        right = pair.right["key"]
        if pair.state == "merged":
            with pytest.raises(SettledMeanwhile):
                actions.merge_pair(actor=KEEPER, pair_id=pair.pk, reason="同名同址，是一人")
            return
        if not self.model.may_join(left, right):
            with pytest.raises(AlreadyJoined):
                actions.merge_pair(actor=KEEPER, pair_id=pair.pk, reason="同名同址，是一人")
            self.done["merge refused"] += 1
            return
        actions.merge_pair(actor=KEEPER, pair_id=pair.pk, reason="同名同址，是一人")
        self.model.joins[left] = right
        self._rebuilt(pair)

    def part(self) -> None:
        merged = [pair for pair in self.pairs.values() if Pair.objects.get(pk=pair.pk).state == "merged"]
        if not merged:
            return
        pair = self.rng.choice(merged)
        left: Thing = ("", pair.left["key"]) if "key" in pair.left else (pair.left["dataset"], pair.left["row_key"])
        actions.part_pair(actor=KEEPER, pair_id=pair.pk, reason="核对后不是一人")
        del self.model.joins[left]
        self._rebuilt(pair)

    def _rebuilt(self, pair: Pair) -> None:
        if self.open:
            self.pending.append(pair)
            return
        actions.build_pair(pair_id=pair.pk)
        self.model.build()

    # -- what must be so

    def conflict(self, key: str, element: str) -> Conflict:
        return Conflict.objects.get(register="population", record__key_index=blind_index(key), element=element)

    def compare(self) -> None:
        if self.open:
            return
        records = {one.key_index: one for one in Record.objects.filter(register="population")}
        assert set(records) == {blind_index(key) for key in self.model.ever}
        for key in sorted(self.model.ever):
            kept, said = records[blind_index(key)], self.model.shown.get(key)
            assert (kept.state == "held") == (said is not None), key
            if said is None:
                continue
            assert {name: entry["value"] for name, entry in kept.values.items()} == said, key
            for element in TOLD:
                found = [(one["dataset"], one["value"]) for one in candidates(kept.values, kept.origins, element)]
                assert sorted(found, key=repr) == sorted(self.model.candidates[key][element], key=repr), (
                    "a source's word is lost"
                )
            self._history(key, kept)
        known = {(one.record.key_index, one.element): one.state for one in Conflict.objects.select_related("record")}
        assert known == {(blind_index(key), element): one.state for (key, element), one in self.model.conflicts.items()}

    def _history(self, key: str, kept: Record) -> None:
        """Whatever it said at an earlier step is still to be read, and the spans of its history touch one another."""
        told = self.histories.setdefault(key, [])
        if not told or told[-1] != kept.values:
            told.append(kept.values)
        before = list(kept.earlier.order_by("until_at", "id"))
        assert all(any(one.values == said for one in before) for said in told[:-1])
        moments = [*(one.known_at for one in before), kept.known_at]
        assert [one.until_at for one in before] == moments[1:], "a time of which nothing is known"


@contextmanager
def _killed(part: int, *, before: bool) -> Iterator[None]:
    """The process dies with a part: just before it is merged, or before its commit."""
    patch, real, called = pytest.MonkeyPatch(), building.merge, []

    def dying(**terms: Any) -> Any:
        called.append(1)
        if len(called) < part:
            return real(**terms)
        if not before:
            real(**terms)
        raise Killed

    patch.setattr(building, "merge", dying)
    try:
        yield
    finally:
        patch.undo()


@pytest.mark.parametrize("number", range(WALKS))
def test_a_walk_leaves_the_register_as_the_model_says(
    number: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with own_lake(tmp_path / "lake"):
        walk = Walk(f"{SEED} {number}")
        steps = {walk.deliver: 5, walk.build: 5, walk.settle: 6, walk.merge: 4, walk.part: 2, walk.again: 1}
        for name in (POLICE, INSURANCE, MARKET):
            pour(name, walk.datasets[name], [])
        walk.deliver()
        for _ in range(STEPS):
            step = walk.rng.choices(list(steps), list(steps.values()))[0]
            step()
            walk.done[step.__name__] += 1
            walk.compare()
        if walk.open:
            walk.resume()
        walk.compare()
    for what, times in sorted(walk.done.items()):
        record_property(what, times)
