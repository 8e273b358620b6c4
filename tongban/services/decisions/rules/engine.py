"""The one place that asks the engine. Whatever it cannot compute is said, never taken for an answer."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import zen

NAME = "zen-engine"
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"")
_NAMES = re.compile(r"(?<![\w.#])([A-Za-z_]\w*)(?!\w|\s*\()")


class Unreckonable(Exception):
    """No value: something it needs is not known, or the engine cannot compute it."""


@lru_cache(maxsize=1)
def engine() -> str:
    """The engine and its version, as kept with every decision."""
    return f"{NAME} {version(NAME)}"


@lru_cache(maxsize=10_000)
def _compiled(expression: str) -> Any:
    return zen.compile_expression(expression)


@lru_cache(maxsize=10_000)
def _asked(expression: str) -> frozenset[str]:
    return frozenset(_NAMES.findall(_STRINGS.sub("''", expression)))


def reckon(expression: str, scope: dict[str, Any]) -> Any:
    """The value of an expression over what is known; `Unreckonable` where any name it asks for has none.

    The engine reads d(null) as this moment and compares null with anything: so nothing unknown is handed to it.
    """
    for name in _asked(expression):
        if name in scope and scope[name] is None:
            raise Unreckonable(name)
    try:
        value = _compiled(expression).evaluate(scope)
    except Exception as error:  # the engine raises bare RuntimeError and Exception for whatever it cannot compute
        raise Unreckonable(_told(error)) from None
    if value is None or (isinstance(value, float) and not abs(value) < 1e15):
        raise Unreckonable(expression)
    return value


def _told(error: Exception) -> str:
    """The engine's own words without its stack."""
    head = str(error).split("\n", 1)[0]
    try:
        return str(json.loads(head).get("source", head))
    except ValueError:
        return head


def fault_of(expression: str) -> str:
    """Why the engine cannot read an expression; empty when it can."""
    broken = zen.validate_expression(expression)
    return str(broken.get("source", "")) or "?" if broken else ""


def rows_by_jdm(model: dict[str, Any], scope: dict[str, Any]) -> list[str]:
    """The rows that a JSON decision model answers with: the engine's own way through a table, kept to compare with ours."""
    result = zen.ZenEngine().create_decision(json.dumps(model)).evaluate(scope)["result"]
    found = result if isinstance(result, list) else [result] if result else []
    return [one["row"] for one in found]
