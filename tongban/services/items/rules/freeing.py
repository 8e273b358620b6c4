"""Which of the three lists an item stands on (已实现、可突破、暂不能), and the smallest change that would free it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .depth import ELECTRONIC, FULL, blocks_of

DONE, REACHABLE, BEYOND = "done", "reachable", "beyond"
LISTS = (DONE, REACHABLE, BEYOND)
# What no department can change by itself: the law, a body that has to be looked at, a system of the province or the state.
NOT_OURS = ("law_demands_presence", "inspection_of_applicant", "vertical_system")
BOTH = "3"  # 纸质或电子


@dataclass(frozen=True)
class Change:
    """One thing to do: `kind`, and what it is done to (a depth code, a material, a result), by name for people."""

    kind: str
    what: str = ""
    path: str = ""


@dataclass(frozen=True)
class Standing:
    """Where an item stands: its list, what blocks it, the fewest changes that would free it (none: it is beyond them)."""

    list: str
    blocks: tuple[str, ...]
    changes: tuple[Change, ...]


def standing_of(item: Mapping[str, Any]) -> Standing:
    """What is beyond a department's power decides the list; the other changes are named all the same."""
    blocks = tuple(blocks_of(item))
    if not blocks:
        return Standing(DONE, (), ())
    changes = smallest_change({**item, "obstacles": [name for name in item["obstacles"] if name not in NOT_OURS]})
    return Standing(BEYOND if set(blocks) & set(NOT_OURS) else REACHABLE, blocks, changes)


def smallest_change(item: Mapping[str, Any]) -> tuple[Change, ...]:
    """The fewest changes after which nothing blocks the item.

    Begins with every change there is and leaves out, one by one, what is not needed. No change makes another needless or
    needful (each clears a fact of its own), so what cannot be left out is the least there is.
    """
    wanted = list(changes_for(item))
    for change in list(wanted):
        fewer = [one for one in wanted if one != change]
        if not blocks_of(changed(item, fewer)):
            wanted = fewer
    return tuple(wanted)


def changes_for(item: Mapping[str, Any]) -> Iterator[Change]:
    """Every change that could matter, whether it is needed or not."""
    for code in sorted(FULL):
        yield Change("open_online", code, "online_depth")
    yield Change("prove_identity_online", path="identity_proof_online")
    for material in item["materials"]:
        yield Change("take_electronic", material["name"], f"materials.{material['key']}.format")
    for place, result in enumerate(item["results"]):
        yield Change("deliver_by_post", result["name"], f"results.{place}.delivery")
    if item["fees"]:
        yield Change("pay_online", path="pay_online")
    for obstacle in item["obstacles"]:
        yield Change("clear_obstacle", obstacle, "obstacles")
    yield Change("no_visits", path="visits")


def changed(item: Mapping[str, Any], changes: list[Change]) -> dict[str, Any]:
    """The item after some changes."""
    after = copy.deepcopy({name: item[name] for name in FACTS})
    for change in changes:
        APPLY[change.kind](after, change)
    return after


FACTS = (
    "online_depth", "identity_proof_online", "materials", "results", "fees", "pay_online", "visits", "obstacles", "schedule",
)  # fmt: skip


def _open_online(item: dict[str, Any], change: Change) -> None:
    item["online_depth"] = sorted({*item["online_depth"], change.what})


def _take_electronic(item: dict[str, Any], change: Change) -> None:
    for material in item["materials"]:
        if change.path == f"materials.{material['key']}.format" and material["format"] not in ELECTRONIC:
            material["format"] = BOTH


def _deliver_by_post(item: dict[str, Any], change: Change) -> None:
    for place, result in enumerate(item["results"]):
        if change.path == f"results.{place}.delivery" and not {"online", "post"} & set(result["delivery"]):
            result["delivery"] = [*result["delivery"], "post"]


def _clear_obstacle(item: dict[str, Any], change: Change) -> None:
    item["obstacles"] = [name for name in item["obstacles"] if name != change.what]


APPLY = {
    "open_online": _open_online,
    "prove_identity_online": lambda item, _: item.update(identity_proof_online=True),
    "take_electronic": _take_electronic,
    "deliver_by_post": _deliver_by_post,
    "pay_online": lambda item, _: item.update(pay_online=True),
    "clear_obstacle": _clear_obstacle,
    "no_visits": lambda item, _: item.update(visits=0),
}
