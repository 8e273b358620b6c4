"""A snapshot under the rules it was taken for: what it came to, and the digest that holds the two together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.services.decisions.rules import Weighed, weigh


def may_refuse(rules: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    """Whether law lets a machine refuse here: the item's definition must say so, and the rules how to be heard by a person."""
    return bool((item.get("automatic_refusal") or {}).get("law") and (rules.get("refusal") or {}).get("appeal"))


def weighed_snapshot(rules: Mapping[str, Any], snapshot: Mapping[str, Any]) -> Weighed:
    """The same snapshot under the same rules always comes to the same."""
    return weigh(
        rules,
        snapshot["values"],
        today=snapshot["today"],
        refusal_allowed=snapshot["refusal_allowed"],
        doubts=snapshot.get("doubts", ()),
    )


def digest_of(rules_digest: str, snapshot: Mapping[str, Any], weighed: Weighed) -> str:
    grounds = [ground.as_data() for ground in weighed.grounds]
    return sm3(canonical([rules_digest, snapshot, weighed.outcome, grounds, weighed.trail]))
