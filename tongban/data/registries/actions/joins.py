"""Records that are one: merged by a steward, and parted again; both ways through a build, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.registries.errors import SettledMeanwhile, SettlingRefused
from tongban.data.registries.models import Join, Pair, Register
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find

from .building import MACHINE, build_now
from .conflicts import DECIDE, NEEDED

BUILD_PAIR = "registries.build_pair"


def merge_pair(*, actor: Actor, pair_id: UUID, reason: str, keep: str = "right") -> Pair:
    """The two are one: what `left` says is counted to `right` from now on (`keep="left"`: the other way about, where both have
    a key). The register is built anew for both in the background."""
    with transaction.atomic():
        pair = _locked(actor, pair_id, (Pair.State.OPEN, Pair.State.APART), reason)
        into, what = (pair.left, pair.right) if keep == "left" and "key" in pair.left else (pair.right, pair.left)
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
    """Both records of a pair as they are now: one, or two again. While the register is being built, `BuildMoved`: it is tried again."""
    pair = find(Pair.objects.all(), pk=pair_id)
    build_now(actor=MACHINE, register=pair.register_id, keys=_keys(pair))


def _built_later(pair: Pair) -> None:
    """In the background, after whatever else is being built. The task knows the pair, not its keys: they may be persons' numbers."""
    defer(BUILD_PAIR, pair_id=pair.pk, lock=f"registries:{pair.register_id}")


def _locked(actor: Actor, pair_id: UUID, states: tuple[str, ...], reason: str) -> Pair:
    pair = find(Pair.objects.select_for_update(), pk=pair_id)
    permit(actor, DECIDE, department_id=find(Register.objects.all(), pk=pair.register_id).department_id)
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
    return [side["key"] for side in (pair.left, pair.right) if "key" in side]
