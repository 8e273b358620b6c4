"""Versions of the division codes taken over, killed half-way, given up and done again; boundaries brought, faulty ones among them, and
taken back: after each step the tree and the boundaries in use are as the model says, and all that ever was can still be read.

`TONGBAN_WALKS=200 TONGBAN_WALK_SEED=7 pytest tests/torture/test_places_walk.py -n0 -s` walks longer.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tongban.data.places import actions, queries
from tongban.data.places.actions import divisions as taking
from tongban.data.places.errors import BoundaryRefused, DivisionsHeld, TakeoverEnded, TakeoverUnderWay
from tongban.data.places.gateways import tables
from tongban.data.places.models import Boundary, DivisionSpan, Takeover
from tongban.data.places.tests.factories import CODES, DAY, KEEPER, bring, divisions, geojson, square
from tongban.data.standards.gateways import put_values
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.rules import Code
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.errors import Conflict, NotAllowed

pytestmark = pytest.mark.django_db
WALKS, STEPS = int(os.environ.get("TONGBAN_WALKS", 3)), 30
SEED = int(os.environ.get("TONGBAN_WALK_SEED", 20261122))
FIXED = {"51", "5116", "511602"}  # what all the rest lies in


class Killed(BaseException):
    """As if the process were gone: nobody catches it, nothing is told."""


class Walk:
    """The tree with its boundaries, and beside it: name by code, spans that ended, boundaries in use one over another."""

    def __init__(self, seed: str) -> None:
        self.rng, self.done = random.Random(seed), Counter[str]()
        divisions()
        self.version, self.day, self.held = 1, DAY, 1
        self.codes = {one.code: one for one in CODES}
        self.tree = dict(self.codes)
        self.spans: Counter[tuple[str, str]] = Counter((one.code, one.name) for one in CODES)
        self.used: dict[str, list[UUID]] = {}  # code → boundaries, that in use last
        self.gone: set[UUID] = set()
        self.open: Takeover | None = None

    # -- steps

    def publish(self) -> None:
        """A version in which some are called otherwise, are gone, have come; of a day after the last."""
        codes = dict(self.codes)
        leaves = sorted(
            code for code in codes if code not in FIXED and not any(one.parent == code for one in codes.values())
        )
        for code in self.rng.sample(leaves, self.rng.randint(0, min(2, len(leaves)))):
            if self.rng.random() < 0.5:
                del codes[code]
            else:
                codes[code] = Code(code, f"新{codes[code].name}"[:20], codes[code].parent)
        if self.rng.random() < 0.6:
            code = f"5116020{self.rng.randint(10, 40)}"
            codes.setdefault(code, Code(code, f"示例{code[-2:]}镇", "511602"))
        self.version, self.day, self.codes = self.version + 1, self.day + timedelta(days=1), codes
        standard = Standard.objects.get(key=actions.DIVISIONS)
        made = Version.objects.create(
            standard=standard, version=self.version, effective_on=self.day, content={"name": "示例"}, status="published",
            values_count=len(codes),
        )  # fmt: skip
        put_values(made.pk, list(codes.values()))

    def take_over(self) -> None:
        if self.open:
            with pytest.raises(TakeoverUnderWay):
                actions.start_takeover(actor=KEEPER)
            self.finish()
            return
        with pytest.raises(NotAllowed):
            actions.start_takeover(actor=officer("data_steward"))
        if self.held == self.version:
            with pytest.raises(DivisionsHeld):
                actions.start_takeover(actor=KEEPER)
            return
        self.open, self.codes_then = actions.start_takeover(actor=KEEPER, later=False), dict(self.codes)
        self.version_then = self.version
        where = self.rng.choice(("reading", "comparing", "writing", "counting", "", ""))
        if where:
            self.done[f"killed while {where}"] += 1
            with pytest.MonkeyPatch.context() as patch, suppress(Killed):
                patch.setattr(taking, "take_in", dying(where))
                actions.carry_out_takeover(takeover_id=self.open.pk)
            self.compare()
        if self.rng.random() < 0.5:
            self.finish()

    def finish(self) -> None:
        """Taken up by the next worker, or given up; either way twice does nothing."""
        assert self.open
        one, self.open = self.open, None
        if self.rng.random() < 0.3:
            actions.give_up_takeover(actor=KEEPER, takeover_id=one.pk)
            self.done["given up"] += 1
        else:
            for code, now in self.codes_then.items():
                if self.tree.get(code) != now:
                    self.spans[code, now.name] += 1
            self.tree, self.held = self.codes_then, self.version_then
        for _twice in range(2):
            actions.carry_out_takeover(takeover_id=one.pk)
        with pytest.raises(TakeoverEnded):
            actions.give_up_takeover(actor=KEEPER, takeover_id=one.pk)

    def bring(self) -> None:
        """A file of one to three boundaries; with one fault, none of it."""
        known = sorted(self.tree)
        picked = self.rng.sample(known, self.rng.randint(1, 3))
        features = [(code, square(106.6 + self.rng.random() / 100, 30.4, 0.2)) for code in picked]
        fault = self.rng.choice(("", "", "", "unknown", "elsewhere", "twice"))
        if fault == "unknown":
            features.append(("519999", square()))
        if fault == "elsewhere":
            features.append(("511602", square(120, 40)))
            fault = (
                "elsewhere"
                if any(self.used.get(code) for code in ("51", "5116")) and "511602" not in picked
                else "unsure"
            )
        if fault == "twice":
            features.append(features[0])
        if self.open:
            with pytest.raises(TakeoverUnderWay):
                bring(geojson(*features))
            return
        try:
            made = bring(geojson(*features))
        except BoundaryRefused:
            assert fault, "nothing was wrong with it"
            self.done["boundaries refused"] += 1
            return
        assert fault in ("", "unsure")
        for one in made:
            self.used.setdefault(one.code, []).append(one.pk)

    def take_back(self) -> None:
        """The one in use, one that is not, or without a reason."""
        every = list(Boundary.objects.values_list("pk", "code"))
        if not every:
            return
        pk, code = self.rng.choice(every)
        in_use = self.used.get(code, [])
        if not in_use or in_use[-1] != pk:
            with pytest.raises(Conflict):
                actions.take_back_boundary(actor=KEEPER, boundary_id=pk, reason="坐标弄错了")
            return
        with pytest.raises(BoundaryRefused):
            actions.take_back_boundary(actor=KEEPER, boundary_id=pk, reason=" ")
        actions.take_back_boundary(actor=KEEPER, boundary_id=pk, reason="坐标弄错了")
        self.gone.add(in_use.pop())

    # -- what must be so

    def compare(self) -> None:
        standing = DivisionSpan.objects.filter(valid_to=None)
        assert {one.code: (one.name, one.parent) for one in standing} == {
            code: (one.name, one.parent) for code, one in self.tree.items()
        }
        below = Counter(one.parent for one in self.tree.values())
        assert {one.code: one.children for one in standing} == {code: below[code] for code in self.tree}
        assert Counter(DivisionSpan.objects.values_list("code", "name")) == self.spans, "what was is still to be read"
        held = queries.held_version()
        assert held is not None
        assert held[0] == self.held
        assert {one.code: one.pk for one in Boundary.objects.filter(until_at=None)} == {
            code: used[-1] for code, used in self.used.items() if used
        }
        assert set(Boundary.objects.exclude(withdrawn_because="").values_list("pk", flat=True)) == self.gone


def dying(step: str) -> Callable[..., dict[str, int]]:
    """The work of a takeover in a process that dies as it comes to a step; the database takes back what it had done."""

    def take_in(*said: Any, **named: Any) -> dict[str, int]:
        def tell(**told: Any) -> None:
            if told["step"] == step:
                raise Killed

        return tables.take_in(*said, **(named | {"tell": tell}))

    return take_in


@pytest.mark.parametrize("number", range(WALKS))
def test_a_walk_leaves_the_tree_and_the_boundaries_as_the_model_says(
    number: int, record_property: Callable[[str, object], None]
) -> None:
    walk = Walk(f"{SEED} {number}")
    steps = {walk.publish: 3, walk.take_over: 5, walk.bring: 5, walk.take_back: 4}
    for _ in range(STEPS):
        step = walk.rng.choices(list(steps), list(steps.values()))[0]
        step()
        walk.done[step.__name__] += 1
        walk.compare()
    for what, times in sorted(walk.done.items()):
        record_property(what, times)
