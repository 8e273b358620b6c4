"""A notice as officials write it: gaps by the names they know, the length of the SMS, and what is wrong with it.

An SMS holds 70 characters; a longer one goes out in segments of 67 (3GPP TS 23.040: six octets of each join them again).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .sending import EMAIL, SMS, fill, words_asked_for

TEXTS = ("title", "body", "sms", "email")
ONE_SMS, SEGMENT, MOST_SEGMENTS = 70, 67, 3
LONGEST = {"title": 60, "body": 600, "sms": 300, "email": 2000}
_GAP = re.compile(r"【([^【】\n]*)】")


@dataclass(frozen=True)
class Field:
    """What a notice can be filled with: its key, the name officials know, what the preview shows."""

    key: str
    name: str
    sample: str


@dataclass(frozen=True)
class Notice:
    """One thing wrong with the text at `path`; `word` is what is quoted when it is told."""

    code: str
    path: str
    word: str = ""


def fields_of(
    standard: Mapping[str, Any], known: Mapping[str, Mapping[str, str]], always: Iterable[str]
) -> list[Field]:
    """The fields that whoever sends this notice gives: those its standard text uses, and those given to every one of its kind."""
    keys = words_asked_for(standard) | set(always)
    return [Field(key, about["name"], about["sample"]) for key, about in known.items() if key in keys]


def written(content: Mapping[str, Any], fields: Iterable[Field]) -> dict[str, Any]:
    """A template's content as officials edit it: `{task_name}` reads 【事项名称】, and the ways are yes or no."""
    names = {field.key: f"【{field.name}】" for field in fields}
    texts = {text: re.sub(r"\{(\w+)\}", lambda m: names.get(m[1], m[0]), content.get(text) or "") for text in TEXTS}
    ways = content.get("ways") or []
    return {**texts, "by_sms": SMS in ways, "by_email": EMAIL in ways}


def composed(draft: Mapping[str, Any], fields: Iterable[Field], *, standard: Mapping[str, Any]) -> dict[str, Any]:
    """The content a sound draft becomes. A legal notice goes out by the ways of the standard, whatever was ticked."""
    keys = {field.name: f"{{{field.key}}}" for field in fields}
    texts = {text: _GAP.sub(lambda m: keys[m[1].strip()], draft.get(text) or "").strip() for text in TEXTS}
    ways = [way for way, mark in ((SMS, "by_sms"), (EMAIL, "by_email")) if draft.get(mark)]
    must = bool(standard.get("must"))
    content = {name: text for name, text in texts.items() if text}
    return {**content, "ways": list(standard.get("ways") or []) if must else ways, **({"must": True} if must else {})}


def legible(draft: Any) -> dict[str, Any]:
    """The draft as far as it can be shown, whatever was put into it."""
    raw = draft if isinstance(draft, Mapping) else {}
    texts = {name: raw[name] if isinstance(raw.get(name), str) else "" for name in (*TEXTS, "code")}
    return {**texts, **{mark: raw.get(mark) is True for mark in ("by_sms", "by_email")}}


def preview_of(text: str, fields: Iterable[Field]) -> str:
    """The text with each gap filled by its sample; a gap that is not known stays to be seen."""
    samples = {field.name: field.sample for field in fields}
    return _GAP.sub(lambda m: samples.get(m[1].strip(), m[0]), text).strip()


def measured(text: str, sign: str) -> tuple[int, int]:
    """Characters of an SMS with the sender's sign in front, and how many segments it goes out in."""
    length = len(text) + (len(sign) + 2 if sign else 0)
    return length, 1 if length <= ONE_SMS else -(-length // SEGMENT)


def faults_of_text(draft: Mapping[str, Any], fields: Iterable[Field], sign: str) -> list[Notice]:
    """Everything that keeps a draft from being handed in."""
    fields, shown = list(fields), legible(draft)
    faults = [Notice(f"{name}_missing", f"/{name}") for name in ("title", "body") if not shown[name].strip()]
    faults += [fault for name in TEXTS for fault in _faults_of_one(name, shown[name], fields)]
    sms = preview_of(shown["sms"] or shown["body"], fields)
    length, segments = measured(sms, sign)
    if shown["by_sms"] and segments > MOST_SEGMENTS:
        faults.append(Notice("sms_too_long", "/sms", str(length)))
    return faults


def _faults_of_one(name: str, text: str, fields: list[Field]) -> list[Notice]:
    path, names = f"/{name}", {field.name for field in fields}
    faults = [Notice("too_long", path, str(LONGEST[name]))] if len(text) > LONGEST[name] else []
    faults += [Notice("no_such_field", path, gap) for gap in _GAP.findall(text) if gap.strip() not in names]
    rest = _GAP.sub("", text)
    if "【" in rest or "】" in rest:
        faults.append(Notice("unbalanced", path, "【】"))
    if fill(rest, {}) != rest.strip():
        faults.append(Notice("braces", path, "{}"))
    return faults
