"""How facts are bound to one another: a chain a stream, and once a day a root over all chains (SM3, GB/T 32905).

The same few lines stand in `docs/guides/audit_check.py`, which an outsider runs; change both or neither.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from tongban.foundation.kernel.canonical import canonical, sm3

FIELDS = ("id", "name", "at", "actor_kind", "actor_id", "person_id", "department_id", "stream", "position", "data")
EMPTY_ROOT = sm3(b"")


@dataclass(frozen=True)
class Alteration:
    """One entry that is not as it was written: where it stands, and what was done to it."""

    stream: str
    position: int
    kind: str  # changed, missing, inserted, reordered, seal
    detail: str = ""


@dataclass(frozen=True)
class Head:
    """The last entry of a stream within a sealed period."""

    stream: str
    position: int
    digest: str

    def line(self) -> str:
        return f"{self.stream} {self.position} {self.digest}"


def plain(data: dict[str, Any] | None) -> dict[str, Any]:
    """`data` as the database will give it back: ids and days as text, fractions as text (JSONB rewrites numbers)."""
    return json.loads(canonical(data or {}), parse_float=str)


def digest_of(fact: dict[str, Any], previous: str) -> str:
    """The digest of a fact (its `FIELDS`, times as ISO 8601 text in UTC) that follows one with digest `previous`."""
    content = {name: fact[name] for name in FIELDS}
    content["at"] = fact["at"].astimezone(UTC).isoformat()
    return sm3(previous.encode() + canonical(content))


def root_of(leaves: Iterable[str]) -> str:
    """The Merkle root over texts in their order; an odd one rises alone. Leaves and nodes are told apart (RFC 6962)."""
    level = [sm3(b"\x00" + leaf.encode()) for leaf in leaves]
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [sm3(b"\x01" + "".join(pair).encode()) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def statement_of(*, until: str, facts: int, streams: int, root: str, previous: str) -> bytes:
    """What is signed: one line of canonical JSON, so that anybody can write it again."""
    return canonical({"facts": facts, "previous": previous, "root": root, "streams": streams, "until": until})


def _moved(fact: dict[str, Any], length: int) -> bool:
    """Whether a fact that does not fit its digest would fit it at another position of its stream."""
    places = range(1, length + 1)
    return any(digest_of(fact | {"position": place}, fact["previous"]) == fact["digest"] for place in places)


def faults_in(stream: str, facts: Sequence[dict[str, Any]]) -> Iterator[Alteration]:
    """What is wrong within one stream, its facts in order of position. Each fault names the entry it was found at."""
    previous, expected = "", 1
    for fact in facts:
        position = fact["position"]
        sound = digest_of(fact, fact["previous"]) == fact["digest"]
        if position != expected:
            yield Alteration(stream, expected, "missing", f"{expected}–{position - 1}")
        elif not sound:
            yield Alteration(stream, position, "reordered" if _moved(fact, len(facts)) else "changed")
        elif fact["previous"] != previous:
            yield Alteration(stream, position, "reordered")
        previous, expected = fact["digest"], position + 1


def faults_between(sealed: Sequence[Head], found: Sequence[Head]) -> Iterator[Alteration]:
    """What the heads of a sealed period, then and now, disagree about."""
    then, now = {head.stream: head for head in sealed}, {head.stream: head for head in found}
    for stream in sorted(then.keys() | now.keys()):
        before, after = then.get(stream), now.get(stream)
        if before == after:
            continue
        if before is None and after is not None:
            yield Alteration(stream, 1, "inserted")
        elif before is not None and (after is None or after.position < before.position):
            yield Alteration(stream, (after.position if after else 0) + 1, "missing")
        elif before is not None and after is not None and after.position > before.position:
            yield Alteration(stream, before.position + 1, "inserted")
        else:
            yield Alteration(stream, before.position if before else 1, "changed")
