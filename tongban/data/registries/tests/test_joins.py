"""What is merged into what is merged, merged twice or in a circle, and merged while the register is being built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tongban.data.lake.tests.factories import own_lake
from tongban.data.registries import actions
from tongban.data.registries.errors import AlreadyJoined
from tongban.data.registries.models import Build, Pair, Record
from tongban.data.registries.rules import root_of
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.tasks.actions import run_waiting

from .lake import KEEPER, MARKET, OTHER, WHO, filled, pour

pytestmark = pytest.mark.django_db
THIRD = "511602199003071048"
REASON = "同名同址，是一个人"


@pytest.fixture(autouse=True)
def datasets(tmp_path: Path) -> Iterator[dict[str, object]]:
    with own_lake(tmp_path / "lake"):
        held = filled()
        pour("market", held["market"], [*MARKET, ("3", THIRD, "李华", "13900000007", "2026-10-15")])
        actions.build_now(actor=KEEPER, register="population")
        yield held  # type: ignore[misc]


def pair(left: dict[str, str], into: str) -> Pair:
    return Pair.objects.create(
        register_id="population", left=left, right={"key": into}, sides=blind_index(f"{left}{into}"), probability=0.9, found_at=now()
    )  # fmt: skip


def merged(left: dict[str, str], into: str) -> Pair:
    made = pair(left, into)
    actions.merge_pair(actor=KEEPER, pair_id=made.pk, reason=REASON)
    actions.build_pair(pair_id=made.pk)
    return made


def phones(key: str) -> set[str]:
    kept = Record.objects.get(key_index=blind_index(key))
    return {one["value"] for one in kept.origins["phone"]["losers"] if one["fit"]} | {kept.values["phone"]["value"]}


def held() -> set[str]:
    known = {blind_index(key): key for key in (WHO, OTHER, THIRD)}
    return {known[one.key_index] for one in Record.objects.filter(state="held")}


def test_what_was_merged_goes_along_when_it_is_merged_further_and_comes_back_when_parted() -> None:
    assert held() == {WHO, OTHER, THIRD}
    first = merged({"key": THIRD}, WHO)
    second = merged({"key": WHO}, OTHER)
    assert held() == {OTHER}
    assert phones(OTHER) == {"13900000001", "13900000002", "13900000007"}
    actions.part_pair(actor=KEEPER, pair_id=first.pk, reason="核对后不是一人")
    actions.build_pair(pair_id=first.pk)
    assert held() == {OTHER, THIRD}
    assert phones(OTHER) == {"13900000001", "13900000002"}
    actions.part_pair(actor=KEEPER, pair_id=second.pk, reason="核对后不是一人")
    actions.build_pair(pair_id=second.pk)
    assert held() == {WHO, OTHER, THIRD}


def test_nothing_is_merged_twice_or_in_a_circle() -> None:
    row = {"dataset": "market", "row_key": "2"}
    merged(row, WHO)
    merged({"key": THIRD}, WHO)
    for left, into in ((row, OTHER), ({"key": THIRD}, OTHER), ({"key": WHO}, THIRD)):
        with pytest.raises(AlreadyJoined):
            actions.merge_pair(actor=KEEPER, pair_id=pair(left, into).pk, reason=REASON)
    assert root_of("a", {"a": "b", "b": "a"}) in "ab"  # what older data may hold ends somewhere


def test_a_row_whose_source_mended_its_number_goes_there_when_it_is_parted(datasets: dict[str, object]) -> None:
    made = merged({"dataset": "market", "row_key": "2"}, WHO)
    mended = [
        MARKET[0],
        ("2", OTHER, "张伟", "13900000009", "2026-11-01"),
        ("3", THIRD, "李华", "13900000007", "2026-10-15"),
    ]
    pour("market", datasets["market"], mended)  # type: ignore[arg-type]
    actions.build_now(actor=KEEPER, register="population")
    assert "13900000009" in phones(WHO)
    actions.part_pair(actor=KEEPER, pair_id=made.pk, reason="来源已经更正号码")
    actions.build_pair(pair_id=made.pk)
    assert "13900000009" in phones(OTHER)
    assert "13900000009" not in phones(WHO)


def test_merged_while_it_is_being_built_it_comes_in_afterwards() -> None:
    run = actions.start_build(actor=KEEPER, register="population", whole=True, later=False)
    made = pair({"key": THIRD}, WHO)
    actions.merge_pair(actor=KEEPER, pair_id=made.pk, reason=REASON)
    actions.build_pair(pair_id=made.pk)  # asks for itself once more, a little later
    assert held() == {WHO, OTHER, THIRD}
    actions.build(build_id=run.pk)
    actions.build_pair(pair_id=made.pk)
    assert held() == {WHO, OTHER}
    run_waiting()  # and again, harmlessly
    assert held() == {WHO, OTHER}


def test_a_build_that_failed_makes_room_and_what_it_was_to_build_is_built() -> None:
    stuck = actions.start_build(actor=KEEPER, register="population", keys=[WHO], later=False)
    Build.objects.filter(pk=stuck.pk).update(state="failed", fault="registries.sources_missing")
    Record.objects.filter(key_index=blind_index(WHO)).update(digest="x")  # to see that it is built
    done = actions.build_now(actor=KEEPER, register="population")
    assert (done.state, done.counts["changed"]) == ("done", 1)
    stuck.refresh_from_db()
    assert stuck.ended_at is not None
    assert actions.build(build_id=stuck.pk).state == "failed"  # its job comes too late
