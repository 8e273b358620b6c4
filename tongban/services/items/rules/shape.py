"""Reading a definition: strict YAML (no repeated key, no guessed dates) against the JSON Schema beside this room."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import yaml

SCHEMA = Path(__file__).resolve().parents[1] / "definition.schema.json"
# What a definition's file may weigh; a long one has some 40 kB.
LARGEST = 512 * 1024
DEEPEST = 40


class Unreadable(ValueError):
    """Not YAML, or YAML that says a thing twice; `line` is where, from 1."""

    def __init__(self, problem: str, line: int) -> None:
        self.problem, self.line = problem, line
        super().__init__(f"line {line}: {problem}")


class _Strict(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """Safe YAML in which days stay text and a repeated key is an error, not a silent loss."""


_Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag != "tag:yaml.org,2002:str":
            raise Unreadable(f"not a word: {key.value}", key.start_mark.line + 1)
        if key.value in seen:
            raise Unreadable(f"repeated: {key.value}", key.start_mark.line + 1)
        seen.add(key.value)
    return cast("dict[str, Any]", loader.construct_mapping(node, deep=True))


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _must_be_plain(text: str) -> None:
    """No aliases, a few of which unfold to gigabytes; and no deeper than any definition is, for depth costs its square to read."""
    depth = 0
    for event in yaml.parse(text, Loader=_Strict):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable("alias", 1)
        if depth > DEEPEST:
            raise Unreadable("too deep", event.start_mark.line + 1 if event.start_mark else 1)


def read(text: str) -> Any:
    """The value a definition's text stands for, or `Unreadable`."""
    if len(text) > LARGEST:
        raise Unreadable("too long", 1)
    try:
        _must_be_plain(text)
        return yaml.load(text, Loader=_Strict)  # noqa: S506 - a safe loader's child
    except UnicodeEncodeError:  # half of a character
        raise Unreadable("syntax", 1) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(error.problem or "syntax", mark.line + 1 if mark else 1) from None
    except yaml.YAMLError:
        raise Unreadable("characters", 1) from None


@cache
def _validator() -> Any:
    return jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text()))


def misshapen(value: Any) -> list[tuple[str, str, str]]:
    """Where a value departs from the schema: (path, kind such as `required` or `type`, the word it is about)."""
    faults = set()
    for error in _validator().iter_errors(value):
        kind = error.kind
        path = ".".join(str(step) for step in error.instance_path)
        about = getattr(kind, "property", None) or getattr(kind, "unexpected", None) or error.instance
        words = "、".join(about) if kind.name == "additionalProperties" else str(about)[:60]
        faults.add((path, kind.name, words if kind.name != "anyOf" else ""))
    return sorted(faults)
