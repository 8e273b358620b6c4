"""Looking for what may be one: rows whose key is missing or wrong, and records under two keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tongban.data.lake.queries import reading, table_at
from tongban.data.registries.errors import BuildMoved
from tongban.data.registries.gateways import likely_pairs
from tongban.data.registries.models import Pair, Register, Ruling
from tongban.data.registries.queries import lay_merged
from tongban.data.registries.rules import MERGED, all_keys, documents, sources_of, subjects, wanted_of
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.kernel.versions import in_force

from .building import MANAGE, READER, keys_of

LOOK_FOR = "registries.find_pairs"
AT_LEAST = 0.5  # below it a pair is not worth a steward's time


def ask_for_pairs(*, actor: Actor, register: str) -> None:
    """Look in the background. Refused for a register whose rules do not say what to compare (`link`)."""
    one = find(Register.objects.all(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    ruling = in_force(Ruling.objects.all(), today(), register=one)
    if ruling is None or not ruling.content.get("link"):
        raise BuildMoved
    defer(LOOK_FOR, register=one.code, lock=f"registries:{one.code}")


def find_pairs(*, actor: Actor, register: str, at_least: float = AT_LEAST) -> int:
    """Pairs of probability `at_least` that were not known; how many. What a steward has decided is not asked again, and an open pair
    that is no longer likely goes. Refused for a register whose rules do not say what to compare (`link`)."""
    one = find(Register.objects.all(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    ruling = in_force(Ruling.objects.all(), today(), register=one)
    if ruling is None or not ruling.content.get("link"):
        raise BuildMoved
    content, at = ruling.content, now()
    known = _subjects(one, content)
    compared = list(content["link"]["compare"])
    found = {}
    for pair in likely_pairs(
        [{"id": number, "keyed": side["key"] is not None, **{name: side[name] for name in compared}} for number, side in enumerate(known)],
        kinds=content["link"]["compare"], blocks=content["link"]["blocks"], at_least=at_least,
    ):  # fmt: skip
        left, right = sorted((known[pair.left], known[pair.right]), key=lambda side: side["key"] is not None)
        sides = blind_index(repr(sorted(map(_name, (left, right)))))
        found[sides] = Pair(
            register=one, left=_side(left, compared), right=_side(right, compared), sides=sides,
            probability=pair.probability, agreement=pair.agreement, found_at=at,
        )  # fmt: skip
    with transaction.atomic():
        one.pairs.filter(state=Pair.State.OPEN).exclude(sides__in=found).delete()
        before = one.pairs.count()
        Pair.objects.bulk_create(found.values(), ignore_conflicts=True)
        new = one.pairs.count() - before
        record("registries.pairs_found", actor=actor, subject=f"register:{one.code}", data={"new": new})
    return new


def _subjects(register: Register, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = list(sources_of(content))
    keys = keys_of(content)
    with reading(actor=READER, keys=names) as lake:
        tables = {name: table_at(name, lake.version()) for name in names}
        lake.run(*MERGED)
        lay_merged(lake, register.code, now())
        lake.run(wanted_of([all_keys(content, tables, keys)]))
        lake.run(*documents(content, tables, keys, day=today().isoformat())[:-1])  # up to `placed`
        return lake.rows(subjects(content, tables, keys) + " order by all")


def _name(side: Mapping[str, Any]) -> str:
    return f"key:{side['key']}" if side["key"] is not None else f"{side['dataset']}:{side['row_key']}"


def _side(side: Mapping[str, Any], compared: list[str]) -> dict[str, Any]:
    where = {"key": side["key"]} if side["key"] is not None else {name: side[name] for name in ("dataset", "row_key")}
    return where | {"said": {name: side[name] for name in compared if side[name] is not None}}
