"""A letter's text as officials put it together: blocks in order, each a kind that the layout knows how to set in type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from .fields import STEPS, fields_of
from .phrases import Unbalanced, code_of, gaps, literal, parse

TEXT = {"type": "string", "maxLength": 3000}
SHORT = {"type": "string", "maxLength": 60}
MOST_BLOCKS = 60
# Each kind of block and what it holds beside its type.
BLOCKS: dict[str, dict[str, Any]] = {
    "recipient": {},
    "text": {"text": TEXT},
    "section": {"text": TEXT},
    "list": {"field": SHORT, "heading": SHORT},
    "materials": {"heading": SHORT, "otherwise": TEXT},
    "facts": {"rows": {"type": "array", "maxItems": 40, "items": {
        "type": "object", "properties": {"label": SHORT, "text": TEXT}, "required": ["label", "text"],
        "additionalProperties": False}}},
    "content": {},
    "remedies": {},
    "note": {"text": TEXT},
    "receipt_line": {},
    "sign": {"contact": {"type": "boolean"}},
}  # fmt: skip
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 60},
        "kind": {"type": "string", "minLength": 1, "maxLength": 6, "description": "文种, stands in the number"},
        "step": {"enum": list(STEPS)},
        "item_code": {"type": "string", "maxLength": 60},
        "source": {"type": "string"},
        "blocks": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_BLOCKS,
            "items": {
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {"type": {"const": kind}, **parts},
                        "required": ["type"],
                        "additionalProperties": False,
                    }
                    for kind, parts in BLOCKS.items()
                ]
            },
        },
    },
    "required": ["title", "kind", "step", "blocks"],
    "additionalProperties": False,
}
_SOUND = jsonschema_rs.Draft202012Validator(SCHEMA)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a letter's text: a stable code, where, and the word it is about."""

    code: str
    path: str
    word: str = ""


def faults_of(content: Mapping[str, Any], labels: frozenset[str] | None = None) -> list[Fault]:
    """Everything wrong. `labels` are the questions of the item's form; None: there is none to hold the answers against."""
    shape = [
        Fault("shape", ".".join(map(str, error.instance_path)), str(error.instance)[:60])
        for error in _SOUND.iter_errors(content)
    ]
    if shape:
        return shape
    found = [fault for path, text in _sentences(content) for fault in _of_sentence(path, text, content["step"], labels)]
    several = {field.name for field in fields_of(content["step"]) if field.several}
    for place, block in enumerate(content["blocks"]):
        if block["type"] == "list" and block.get("field", "") not in several:
            found.append(Fault("no_such_list", f"blocks.{place}.field", block.get("field", "")))
    return found + _parts_that_must_be(content)


def _of_sentence(path: str, text: str, step: str, labels: frozenset[str] | None) -> Iterator[Fault]:
    try:
        parts = parse(text)
    except Unbalanced as error:
        yield Fault("unbalanced", path, error.mark)
        return
    if not text.strip():
        yield Fault("empty", path)
    known = {field.name for field in fields_of(step)}
    for gap in gaps(parts):
        if gap.answer and labels is not None and gap.answer not in labels:
            yield Fault("no_such_answer", path, gap.answer)
        elif not gap.answer and gap.name not in known:
            yield Fault("no_such_field", path, gap.name)


def _parts_that_must_be(content: Mapping[str, Any]) -> list[Fault]:
    """Who signs; and where a decision goes against the applicant, the ways to object (行政许可法 art. 38, 行政复议法 art. 20)."""
    kinds = [block["type"] for block in content["blocks"]]
    found = [] if "sign" in kinds else [Fault("unsigned", "blocks")]
    if content["step"] in ("refusal", "not_accepted") and "remedies" not in kinds:
        found.append(Fault("without_remedies", "blocks"))
    return found


def _sentences(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every sentence with its path."""
    for place, block in enumerate(content["blocks"]):
        for name in ("text", "otherwise"):
            if block.get(name) or (name == "text" and "text" in BLOCKS[block["type"]]):
                yield f"blocks.{place}.{name}", block.get(name, "")
        for at, row in enumerate(block.get("rows") or ()):
            yield f"blocks.{place}.rows.{at}.text", row["text"]


def answers_wanted(content: Mapping[str, Any]) -> set[str]:
    """The labels of the questions whose answers the letter prints; a template written in typst itself prints none."""
    found = (gap for _, text in _sentences(content) for gap in gaps(parse(text))) if content.get("blocks") else ()
    return {gap.answer for gap in found if gap.answer}


def compose(content: Mapping[str, Any]) -> str:
    """The typst text of a sound letter, without the layout that stands in front of it."""
    fields = {field.name: (field.key, field.several) for field in fields_of(content["step"])}
    lines = [f"#title-block({literal(content['title'])})"]
    lines += [_set[block["type"]](block, fields) for block in content["blocks"]]
    return "\n\n".join(lines) + "\n"


Fields = Mapping[str, tuple[str, bool]]


def _phrase(text: str, fields: Fields) -> str:
    return f"{{ {code_of(parse(text), fields)} }}"


def _heading(block: Mapping[str, Any]) -> str:
    return f"section({literal(block['heading'])}); " if block.get("heading") else ""


def _list(block: Mapping[str, Any], fields: Fields) -> str:
    key = literal(fields[block["field"]][0])
    return f"#if has({key}) {{ {_heading(block)}numbered(many({key})) }}"


def _materials(block: Mapping[str, Any], fields: Fields) -> str:
    otherwise = block.get("otherwise", "")
    heading, table = _heading(block), 'material-table(many("materials"))'
    if not otherwise:
        return f'#if has("materials") {{ {heading}{table} }}'
    return f'#{{ {heading}if has("materials") {{ {table} }} else {_phrase(otherwise, fields)} }}'


def _facts(block: Mapping[str, Any], fields: Fields) -> str:
    rows = "".join(f"({literal(row['label'])}, {_phrase(row['text'], fields)}), " for row in block.get("rows") or ())
    return f"#facts({rows})"


_set = {
    "recipient": lambda block, fields: "#to()",
    "text": lambda block, fields: "#" + _phrase(block["text"], fields),
    "section": lambda block, fields: f"#section({_phrase(block['text'], fields)})",
    "list": _list,
    "materials": _materials,
    "facts": _facts,
    "content": lambda block, fields: '#if has("content") { facts(..many("content")) }',
    "remedies": lambda block, fields: "#remedies()",
    "note": lambda block, fields: f"#small({_phrase(block['text'], fields)})",
    "receipt_line": lambda block, fields: "#receipt-line()",
    "sign": lambda block, fields: f"#sign(contact: {'true' if block.get('contact', True) else 'false'})",
}
