"""A letter's blocks as the editor shows them: what may be typed where, what may be done, what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import sentence
from .rules import BLOCKS, STEPS, Fault
from .sentences import BLOCK_NAMES

_FRESH: dict[str, dict[str, Any]] = {
    "text": {"text": ""},
    "section": {"text": ""},
    "note": {"text": ""},
    "list": {"field": "", "heading": ""},
    "materials": {"heading": "", "otherwise": ""},
    "facts": {"rows": [{"label": "", "text": ""}]},
    "sign": {"contact": True},
}
NEW_BLOCKS = [
    {"name": BLOCK_NAMES[kind], "value": json.dumps({"type": kind, **_FRESH.get(kind, {})}, ensure_ascii=False)}
    for kind in BLOCKS
]


def legible(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as far as it can be shown, whatever was put into the draft; places keep their numbers."""
    texts = {
        name: content[name] if isinstance(content.get(name), str) else "" for name in ("title", "kind", "item_code")
    }
    blocks = content.get("blocks")
    step = content.get("step")
    return {
        **texts,
        "step": step if step in STEPS else "",
        "blocks": [block if isinstance(block, dict) else {} for block in (blocks if isinstance(blocks, list) else [])],
    }


def shown_blocks(content: Mapping[str, Any], faults: list[Fault], remarks: Mapping[str, int]) -> list[dict[str, Any]]:
    """The blocks in order, each with its operations and the sentences of its faults."""
    blocks = content["blocks"]
    return [
        {
            "place": place,
            "path": f"/blocks/{place}",
            "name": BLOCK_NAMES.get(block.get("type", ""), ""),
            "block": block,
            "parts": BLOCKS.get(block.get("type", ""), {}),
            "errors": [sentence(fault) for fault in faults if _within(fault.path, place)],
            "remarks": remarks.get(f"/blocks/{place}", 0),
            "up": _move(place, place - 1) if place else "",
            "down": _move(place, place + 1) if place + 1 < len(blocks) else "",
            "remove": _ops({"op": "remove", "path": f"/blocks/{place}"}),
            "new_row": _ops({"op": "add", "path": f"/blocks/{place}/rows/-", "value": {"label": "", "text": ""}}),
            "rows": [
                {**row, "path": f"/blocks/{place}/rows/{at}", "remove": _ops({"op": "remove", "path": f"/blocks/{place}/rows/{at}"})}
                for at, row in enumerate(_rows(block))
            ],
        }
        for place, block in enumerate(blocks)
    ]  # fmt: skip


def _rows(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = block.get("rows")
    return [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []


def _within(path: str, place: int) -> bool:
    return path == f"blocks.{place}" or path.startswith(f"blocks.{place}.")


def _move(old: int, new: int) -> str:
    return _ops({"op": "move", "from": f"/blocks/{old}", "path": f"/blocks/{new}"})


def _ops(*ops: dict[str, Any]) -> str:
    return json.dumps(ops, ensure_ascii=False)
