"""Records that are one: merged by a steward, and parted again; both ways through a build, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.lake.queries import reading, table_at
from tongban.data.registries.errors import AlreadyJoined, BuildMoved, SettledMeanwhile, SettlingRefused
from tongban.data.registries.models import Join, Pair, Register, Ruling
from tongban.data.registries.queries import merged_by
from tongban.data.registries.rules import MERGED, keyed, sources_of
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.versions import in_force

from .building import MACHINE, READER, build_now, keys_of
from .conflicts import DECIDE, NEEDED

BUILD_PAIR = "registries.build_pair"
SOON = timedelta(seconds=30)


def merge_pair(*, actor: Actor, pair_id: UUID, reason: str, keep: str = "right") -> Pair:
    """The two are one: what `left` says is counted to `right` from now on (`keep="left"`: the other way about, where both have
    a key). The register is built anew for both in the background. Refuses what is merged already, and circles (`AlreadyJoined`)."""
    with transaction.atomic():
        pair = _locked(actor, pair_id, (Pair.State.OPEN, Pair.State.APART), reason)
        into, what = (pair.left, pair.right) if keep == "left" and "key" in pair.left else (pair.right, pair.left)
        _refuse_twice(pair, _name(what), into["key"])
        Join.objects.create(
            register=pair.register, pair=pair, what=_name(what), into={"key": into["key"]}, reason=reason.strip()[:500],
            made_by=actor.account_id, made_at=now(),
        )  # fmt: skip
        _settle(pair, Pair.State.MERGED, actor, reason, "registries.pair_merged")
        _built_later(pair)
    return pair


def part_pair(*, actor: Actor, pair_id: UUID, reason: str) -> Pair:
    """They are not one: it is not asked again; and if they had been merged, they part."""
    with transaction.atomic():
        pair = _locked(actor, pair_id, (Pair.State.OPEN, Pair.State.MERGED), reason)
        merged = pair.state == Pair.State.MERGED
        pair.joins.filter(undone_at=None).update(undone_at=now(), undone_by=actor.account_id)
        _settle(pair, Pair.State.APART, actor, reason, "registries.pair_parted")
        if merged:
            _built_later(pair)
    return pair


def build_pair(*, pair_id: UUID | str) -> None:
    """Both records of a pair as they are now: one, or two again. While the register is being built, a little later."""
    pair = find(Pair.objects.all(), pk=pair_id)
    try:
        build_now(actor=MACHINE, register=pair.register_id, keys=_keys(pair))
    except BuildMoved:
        if not pair.register.builds.filter(ended_at=None).exists():
            raise  # no rules are in force
        _built_later(pair, at=now() + SOON)


def _built_later(pair: Pair, at: datetime | None = None) -> None:
    """In the background, after whatever else is being built. The task knows the pair, not its keys: they may be persons' numbers."""
    defer(BUILD_PAIR, pair_id=pair.pk, at=at, lock=f"registries:{pair.register_id}")


def _refuse_twice(pair: Pair, what: Mapping[str, Any], into: str) -> None:
    merged = merged_by(pair.register_id, now())
    taken = what["key"] in merged.keys if "key" in what else (what["dataset"], what["row_key"]) in merged.rows
    if taken or merged.keys.get(into, into) == what.get("key"):
        raise AlreadyJoined


def _locked(actor: Actor, pair_id: UUID, states: tuple[str, ...], reason: str) -> Pair:
    """The register first: of two who merge at once, the second sees what the first has merged."""
    known = find(Pair.objects.all(), pk=pair_id)
    register = Register.objects.select_for_update().get(pk=known.register_id)
    pair = Pair.objects.select_for_update().get(pk=pair_id)
    permit(actor, DECIDE, department_id=register.department_id)
    if pair.state not in states:
        raise SettledMeanwhile
    if len(reason.strip()) < 4:
        raise SettlingRefused(reasons=[Reason("reason", NEEDED["reason"], "reason")])
    return pair


def _settle(pair: Pair, state: str, actor: Actor, reason: str, fact: str) -> None:
    pair.state, pair.reason, pair.decided_by, pair.decided_at = state, reason.strip()[:500], actor.account_id, now()
    pair.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    data = {"probability": round(pair.probability, 3), "why": pair.reason}
    record(fact, actor=actor, subject=f"pair:{pair.pk}", data=data)


def _name(side: Mapping[str, Any]) -> dict[str, Any]:
    return {name: side[name] for name in ("key", "dataset", "row_key") if name in side}


def _keys(pair: Pair) -> list[str]:
    """Every key that a merge or its end may touch: both sides, where each leads at last, and what a row names by itself."""
    sides = (pair.left, pair.right)
    merged = merged_by(pair.register_id, now())
    keys = {side["key"] for side in sides if "key" in side}
    keys |= {merged.keys.get(key, key) for key in keys}
    keys |= {own for side in sides if "key" not in side for own in _named_by(pair, side)}
    return sorted(keys)


def _named_by(pair: Pair, side: Mapping[str, Any]) -> list[str]:
    """The key a row has of its own by now: its source may have mended it since it was merged."""
    ruling = in_force(Ruling.objects.all(), today(), register=pair.register)
    source = sources_of(ruling.content).get(side["dataset"]) if ruling else None
    if ruling is None or source is None:
        return []
    name, keys = side["dataset"], keys_of(ruling.content)
    with reading(actor=READER, keys=[name]) as lake:
        lake.run(*MERGED)  # empty: what it is without any merge
        rows = keyed(ruling.content, source, table_at(name, lake.version()), keys[name])
        found = lake.rows(f"select _key from ({rows}) where _row_key = ? and _key is not null", [side["row_key"]])  # noqa: S608
    return [row["_key"] for row in found]
