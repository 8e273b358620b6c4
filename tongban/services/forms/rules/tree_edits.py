"""Changes of a situation tree as JSON Patch: they can be undone one by one, and conditions follow what they ask about."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .outcomes import Said, in_shape, said_in
from .verdicts import keys_in

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
Op = dict[str, Any]
_PIECES = re.compile(r"('[^']*'|\"[^\"]*\")")
_STEP = re.compile(r"/situations(?:/\d+/options/\d+/then)*(?:/\d+(?:/options/\d+)?)?")


class NoSuchNode(LookupError):
    """The pointer leads to no question and no option of the tree."""


def node_at(content: Mapping[str, Any], pointer: str) -> Any:
    """The question, option or list of questions a pointer leads to."""
    if not _STEP.fullmatch(pointer):
        raise NoSuchNode(pointer)
    found: Any = content
    for step in pointer.split("/")[1:]:
        try:
            found = found[int(step)] if isinstance(found, list) else found[step]
        except (LookupError, ValueError):
            raise NoSuchNode(pointer) from None
    return found


def questions_with_places(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every question of the tree with its pointer."""
    yield from _walk(content.get("situations") or [], "/situations")


def _walk(tree: list[Any], at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, question in enumerate(tree):
        yield f"{at}/{place}", question
        for number, option in enumerate(question.get("options") or ()):
            yield from _walk(option.get("then") or [], f"{at}/{place}/options/{number}/then")


def keys_of(content: Mapping[str, Any]) -> list[str]:
    return [str(question.get("key")) for _at, question in questions_with_places(content)]


def _free(taken: list[str] | set[str], wish: str) -> str:
    """The wish itself, or with the first number that makes it new."""
    if wish not in taken:
        return wish
    stem = re.sub(r"_?\d+$", "", wish)[:36] or "q"
    return next(name for number in range(2, 10_000) if (name := f"{stem}_{number}") not in taken)


def adding_question(content: Mapping[str, Any], to: str, words: Mapping[str, str]) -> list[Op]:
    """A new question with two answers, at the end of the tree (`/situations`) or of an option's follow-ups (the option)."""
    taken = keys_of(content)
    number = next(n for n in range(1, 10_000) if f"q{n}" not in taken)
    question = {
        "key": f"q{number}",
        "question": words["question"],
        "options": [{"value": "yes", "label": words["yes"]}, {"value": "no", "label": words["no"]}],
    }
    return [*_ready(content, to), {"op": "add", "path": f"{_list_of(to)}/-", "value": question}]


def _list_of(to: str) -> str:
    return to if to.endswith(("/situations", "/then")) else f"{to}/then"


def _ready(content: Mapping[str, Any], to: str) -> list[Op]:
    """What must be there before a list can take a question."""
    if to == "/situations":
        return [] if "situations" in content else [{"op": "add", "path": to, "value": []}]
    option = node_at(content, to.removesuffix("/then"))
    return [] if "then" in option else [{"op": "add", "path": _list_of(to), "value": []}]


def adding_option(content: Mapping[str, Any], question: str, label: str) -> list[Op]:
    """One more answer to a question."""
    options = node_at(content, question).get("options") or []
    taken = [str(option.get("value")) for option in options]
    value = next(f"o{n}" for n in range(len(taken) + 1, 10_000) if f"o{n}" not in taken)
    return [{"op": "add", "path": f"{question}/options/-", "value": {"value": value, "label": label}}]


def moving(content: Mapping[str, Any], pointer: str, by: int) -> list[Op]:
    """A question or an option a place up (-1) or down (+1) among its own; nothing at the end of the row."""
    around, place = pointer.rsplit("/", 1)
    node_at(content, pointer)
    rows = node_at(content, around.removesuffix("/options"))
    rows = rows["options"] if around.endswith("/options") else rows
    to = int(place) + by
    return [{"op": "move", "from": pointer, "path": f"{around}/{to}"}] if 0 <= to < len(rows) else []


def carrying(content: Mapping[str, Any], pointer: str, to: str) -> list[Op]:
    """A question with all below it to the end of another list; never into itself."""
    node_at(content, pointer)
    if to.startswith(pointer) or not re.fullmatch(r".*/\d+", pointer) or pointer.rsplit("/", 2)[-2] == "options":
        raise NoSuchNode(to)
    around, place = pointer.rsplit("/", 1)
    ready = _ready(content, to)
    target = _after_removal(f"{_list_of(to)}/-", around, int(place))
    question = node_at(content, pointer)
    return [*ready, {"op": "remove", "path": pointer}, {"op": "add", "path": target, "value": question}]


def _after_removal(path: str, around: str, place: int) -> str:
    """A path once the row `place` of the list `around` is gone."""
    if not path.startswith(f"{around}/"):
        return path
    step, _slash, rest = path[len(around) + 1 :].partition("/")
    if not step.isdigit() or int(step) < place:
        return path
    return "/".join(filter(None, (around, str(int(step) - 1), rest)))


def copying(content: Mapping[str, Any], pointer: str, to: str) -> list[Op]:
    """A question with all below it, once more at the end of a list. Its keys are made new, or answers would be mixed up."""
    question = copy.deepcopy(node_at(content, pointer))
    taken = set(keys_of(content))
    for _at, inner in _walk([question], ""):
        inner["key"] = _free(taken, str(inner.get("key") or "q"))
        taken.add(inner["key"])
    return [*_ready(content, to), {"op": "add", "path": f"{_list_of(to)}/-", "value": question}]


@dataclass(frozen=True)
class Removal:
    """What removing a node does, and the expressions that ask about what it takes away."""

    ops: list[Op]
    uses: list[Said]


def removing(content: Mapping[str, Any], pointer: str) -> Removal:
    """A question or an option with all below it."""
    node = node_at(content, pointer)
    if pointer.endswith("/then") or pointer == "/situations":
        raise NoSuchNode(pointer)
    gone = {str(q.get("key")) for _at, q in _walk([node] if "options" in node else node.get("then") or [], "")}
    question = node_at(content, pointer.rsplit("/options/", 1)[0]) if "options" not in node else None
    uses = [one for one in said_in(in_shape(content)) if _mentions(one.text, gone, question, node)]
    return Removal([{"op": "remove", "path": pointer}], uses)


def _mentions(text: str, gone: set[str], question: Mapping[str, Any] | None, option: Mapping[str, Any]) -> bool:
    if gone & (keys_in(text) or frozenset()):
        return True
    return question is not None and _with_value(text, str(question.get("key")), str(option.get("value")), "") != text


def renaming_key(content: Mapping[str, Any], pointer: str, new: str) -> list[Op]:
    """A question's key, and every expression that asks about it."""
    old = str(node_at(content, pointer)["key"])
    ops = [{"op": "replace", "path": f"{pointer}/key", "value": new}]
    return (
        ops
        + [
            {"op": "replace", "path": one.at, "value": changed}
            for one in said_in(in_shape(content))
            if (changed := _with_key(one.text, old, new)) != one.text
        ]
        + [op for at, kept in _tests(content) if old in kept for op in _renamed(f"{at}/situation", kept, old, new)]
    )


def renaming_value(content: Mapping[str, Any], pointer: str, new: str) -> list[Op]:
    """An option's value, and every expression that compares with it."""
    key = str(node_at(content, pointer.rsplit("/options/", 1)[0])["key"])
    old = str(node_at(content, pointer)["value"])
    ops = [{"op": "replace", "path": f"{pointer}/value", "value": new}]
    return (
        ops
        + [
            {"op": "replace", "path": one.at, "value": changed}
            for one in said_in(in_shape(content))
            if (changed := _with_value(one.text, key, old, new)) != one.text
        ]
        + [
            {"op": "replace", "path": f"{at}/situation/{key}", "value": new}
            for at, kept in _tests(content)
            if kept.get(key) == old
        ]
    )


def _tests(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The situations that the form's tests keep."""
    for place, test in enumerate((content.get("form") or {}).get("tests") or ()):
        yield f"/form/tests/{place}", test.get("situation") or {}


def _renamed(at: str, kept: Mapping[str, Any], old: str, new: str) -> list[Op]:
    return [{"op": "remove", "path": f"{at}/{old}"}, {"op": "add", "path": f"{at}/{new}", "value": kept[old]}]


def _with_key(text: str, old: str, new: str) -> str:
    name = re.compile(rf"\bsituation\.{re.escape(old)}\b")
    pieces = _PIECES.split(text)
    return "".join(
        name.sub(f"situation.{new}", piece) if place % 2 == 0 else piece for place, piece in enumerate(pieces)
    )


def _with_value(text: str, key: str, old: str, new: str) -> str:
    name, value = rf"\bsituation\.{re.escape(key)}\b", re.compile(rf"(['\"]){re.escape(old)}\1")
    compared = re.compile(
        rf"{name}\s*[=!]=\s*(['\"]){re.escape(old)}\1|(['\"]){re.escape(old)}\2\s*[=!]=\s*{name}|{name}\s+(?:not\s+)?in\s*\[[^\[\]]*\]"
    )
    return compared.sub(lambda match: value.sub(lambda quoted: f"{quoted[1]}{new}{quoted[1]}", match[0]), text)
