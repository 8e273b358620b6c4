"""What the province's template alone lets one know, where a file has no further sheets: lists read out of running text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .cells import NO_WORDS, Misread, Words, plain

LAW = re.compile(r"《(?P<law>[^》]+)》\s*(?P<clause>第[^：:\s]{1,30})?\s*[：:]?\s*(?P<text>.*)", re.S)
NUMBERING = re.compile(r"^\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.、．)）]\s*")
BREAK = re.compile(r"[\n；;]+")


def told_lists(told: Mapping[str, Any], words: Words) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Elements read from the template's summaries (kind of column → cell), and (column kind, why not) of what could not be."""
    found: dict[str, Any] = {}
    doubts: list[tuple[str, str]] = []
    if basis := plain(told.get("basis")):
        found["by_law"] = laws = _laws(basis)
        if not laws:
            del found["by_law"]
            doubts.append(("basis", "basis_unclear"))
    if materials := _names(told.get("materials")):
        found["materials"] = [{"key": f"m{place}", "name": name} for place, name in enumerate(materials, start=1)]
    if results := _names(told.get("result_names")):
        found["results"] = _results(results, told, words)
    if plain(told.get("charged")).casefold() in NO_WORDS:
        found["fees"] = []
    return found, doubts


def _laws(text: str) -> list[dict[str, Any]]:
    pieces = re.split(r"\n(?=《)|\n(?=\s*\d{1,2}[.、．]\s*《)", text)
    laws = []
    for piece in pieces:
        matched = LAW.fullmatch(NUMBERING.sub("", piece.strip()))
        if matched is None:
            return []
        laws.append({name: value.strip() for name, value in matched.groupdict().items() if value and value.strip()})
    return laws


def _names(cell: Any) -> list[str]:
    lines = (NUMBERING.sub("", line).strip() for line in BREAK.split(plain(cell)))
    return list(dict.fromkeys(line for line in lines if line))


def _results(names: list[str], told: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    types = [_code(words, "code:result_type", name) for name in _names(told.get("result_types"))]
    delivery = _code(words, "delivery", plain(told.get("result_delivery")))
    has_sample = bool(plain(told.get("result_samples"))) and plain(told["result_samples"]).casefold() not in NO_WORDS
    results = []
    for place, name in enumerate(names):
        result: dict[str, Any] = {"name": name, "sample": has_sample}
        kind = types[min(place, len(types) - 1)] if types else None
        if kind:
            result["type"] = kind
        if delivery:
            result["delivery"] = delivery
        results.append(result)
    return results


def _code(words: Words, kind: str, text: str) -> Any:
    try:
        return words.read(kind, text) if text else None
    except Misread:
        return None
