"""How far an item can be done online (网上办理深度): computed from facts, never ticked (国发〔2018〕27号)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FULL = {"2", "4", "5", "6"}  # 收件, 受理, 办理, 结果反馈
ELECTRONIC = {"2", "3"}  # 材料形式 电子化, 纸质/电子化


@dataclass(frozen=True)
class Depth:
    """`level` I … IV, the published depth codes, and the stable codes of all that blocks full online handling."""

    level: str
    codes: tuple[str, ...]
    blocks: tuple[str, ...]


def blocks_of(item: Mapping[str, Any]) -> list[str]:
    """What keeps this item from being done wholly online, in the order a person would meet it."""
    facts = {
        "not_taken_online": not set(item["online_depth"]) >= FULL,
        "identity_at_counter": not item["identity_proof_online"],
        "paper_materials": any(m["format"] not in ELECTRONIC and not m["waive"] for m in item["materials"]),
        "result_collected": not all({"online", "post"} & set(result["delivery"]) for result in item["results"]),
        "fee_offline": bool(item["fees"]) and not item["pay_online"],
        "visits": item["visits"] > 0,
    }
    return [name for name, blocked in facts.items() if blocked] + list(item["obstacles"])


def is_fully_online(item: Mapping[str, Any]) -> bool:
    """Everything but the stated number of visits allows 全程网办."""
    return not [block for block in blocks_of(item) if block != "visits"]


def depth_of(item: Mapping[str, Any]) -> Depth:
    """IV nothing blocks · III taken online and at most one visit · II form, booking or pre-check online · I guide only."""
    codes, blocks = set(item["online_depth"]), blocks_of(item)
    if not blocks:
        level = "IV"
    elif "4" in codes and item["visits"] <= 1:
        level = "III"
    elif codes & {"2", "3"} or item["schedule"]:
        level = "II"
    else:
        level = "I"
    return Depth(level, tuple(sorted(codes)), tuple(blocks))
