"""Designing the page of a licence type: what a fresh definition says, made-up values to look at it with, marks to add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .drawing import GAPS, INK, SEAL, WIDTH, Line, Page, standard
from .types import complete

SEAL_HALF = 20.0  # mm: how large the seal is drawn while one designs
ROW = 12.0  # mm between texts that are added one after another
SAMPLES = {
    "number": "示例〔2026〕0000001号", "identifier": "1.2.156.3005.2.示例.0000001.001.X", "holder": "李示例",
    "holder_number": "511602199001010000", "issuer": "广安市广安区示例局", "issued_on": "2026年1月31日",
    "valid_from": "2026年1月31日", "valid_until": "2031年1月30日", "credential": "示例：扫码核验用的二维码",
}  # fmt: skip


def fresh(*, code: str, definer: str, issuer: str) -> dict[str, Any]:
    """The definition a new type begins with."""
    return complete(
        {
            "code": code, "name": "", "sample": False, "definer": definer, "holders": ["person"], "issuers": [issuer],
            "validity": {"kind": "years", "length": 5}, "number": "{region}{year}{serial}", "fields": [],
        }
    )  # fmt: skip


def draft_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is written of a definition; version and first day come with the review."""
    return {key: value for key, value in content.items() if key not in ("version", "effective_on")}


def definition_of(draft: Mapping[str, Any], *, version: int, effective_on: str) -> dict[str, Any]:
    return {**draft, "version": version, "effective_on": effective_on}


def rows_of(value: Any, name: str) -> list[dict[str, Any]]:
    """A list of a document in any state, with something to read in each place."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


def sample_values(content: Mapping[str, Any]) -> dict[str, str]:
    """Something for every gap, by what the type says of its fields."""
    fields = {str(field.get("key", "")): _sample(field) for field in rows_of(content, "fields")}
    return {**fields, **SAMPLES, "name": str(content.get("name") or "")}


def _sample(field: Mapping[str, Any]) -> str:
    codes = field.get("codes")
    if isinstance(codes, Mapping) and codes:
        return str(next(iter(codes.values())))
    if field.get("type") == "date":
        return "2026年1月31日"
    if field.get("type") == "number":
        return "100"
    words = f"（示例）{field.get('label', '')}"
    return words * 4 if field.get("type") == "long" else words


def standard_pages(content: Mapping[str, Any]) -> list[Page]:
    """The page any licence can have, with gaps where its values stand: to begin designing from."""
    lines: list[Line] = [("持证人", "{holder}")]
    lines += [
        (str(field.get("label", "")), f"{{{field['key']}}}") for field in rows_of(content, "fields") if field.get("key")
    ]
    lines.append(("有效期", "{valid_from}　至　{valid_until}"))
    gaps = {name: f"{{{name}}}" for name in GAPS}
    title = str(content.get("title") or content.get("name") or "证照")
    pages, (page, x, y) = standard(
        title, lines, gaps, str(content.get("colour") or "red"), sample=bool(content.get("sample"))
    )
    pages[page]["marks"].append({"kind": "seal", "x": x, "y": y})
    return pages


def empty_pages() -> list[Page]:
    return [{"size": [WIDTH, 297.0], "marks": []}]


def new_mark(kind: str, text: str = "", *, size: Sequence[float] = (WIDTH, 297.0), before: int = 0) -> Page:
    """A mark as it is put on the page; each next text a row below the one before."""
    y = min(30.0 + ROW * (before % 20), float(size[1]) - 30.0)
    marks: dict[str, Page] = {
        "text": {"kind": "text", "x": 26.0, "y": y, "w": 100.0, "h": 8.0, "text": text, "size": 13.0, "font": "song",
                 "align": "left", "colour": INK},
        "qr": {"kind": "qr", "x": 26.0, "y": float(size[1]) - 75.0, "w": 40.0, "text": "{credential}"},
        "line": {"kind": "line", "x1": 26.0, "y1": y, "x2": float(size[0]) - 26.0, "y2": y, "width": 0.4, "colour": INK},
        "rect": {"kind": "rect", "x": 10.0, "y": 10.0, "w": float(size[0]) - 20.0, "h": float(size[1]) - 20.0,
                 "width": 1.0, "colour": INK},
        "seal": {"kind": "seal", "x": min(SEAL[1], float(size[0]) - 30.0), "y": float(size[1]) - 53.0},
    }  # fmt: skip
    return marks[kind]


def box_of(mark: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """(x, y, w, h) in mm of what can be taken hold of; None for a mark without a place, such as a watermark."""
    try:
        if mark.get("kind") == "line":
            x1, y1, x2, y2 = (float(mark[side]) for side in ("x1", "y1", "x2", "y2"))
            return min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)
        x, y = float(mark["x"]), float(mark["y"])
        if mark.get("kind") == "seal":
            return x - SEAL_HALF, y - SEAL_HALF, 2 * SEAL_HALF, 2 * SEAL_HALF
        w = float(mark["w"])
        return x, y, w, float(mark.get("h", w))
    except (KeyError, TypeError, ValueError):
        return None
