"""JSON Patch (RFC 6902) with an inverse: add, remove, replace, move, test; all or nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .pointers import END, EVERY, is_place, overlap, pointer_of, tokens_of

Op = Mapping[str, Any]
Tokens = tuple[str, ...]


class BadPatch(ValueError):
    """An operation that does not fit the document; `path` is where."""

    def __init__(self, why: str, path: str = "") -> None:
        self.why, self.path = why, path
        super().__init__(f"{why}: {path}")


@dataclass
class Outcome:
    """What a patch did: the document, the operations with `-` replaced by a place, their inverse, the places touched."""

    content: Any
    ops: list[dict[str, Any]] = field(default_factory=list)
    inverse: list[dict[str, Any]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


def apply(content: Any, ops: Iterable[Op]) -> tuple[Any, list[dict[str, Any]]]:
    """The changed document and the patch that restores it exactly. The document given is left alone."""
    done = perform(content, ops)
    return done.content, done.inverse


def perform(content: Any, ops: Iterable[Op]) -> Outcome:
    """Everything there is to know about applying `ops`; `BadPatch` when one does not fit, and nothing is changed."""
    done = Outcome(copy.deepcopy(content))
    for op in ops:
        try:
            _step(done, op)
        except (KeyError, IndexError, TypeError, ValueError) as fault:
            if isinstance(fault, BadPatch):
                raise
            raise BadPatch("misfit", str(op.get("path", "") if isinstance(op, Mapping) else "")) from None
    done.marks = sorted(set(done.marks))
    return done


def value_at(content: Any, pointer: str) -> Any:
    """The value at a pointer; `BadPatch` when there is none."""
    try:
        found = content
        for token in tokens_of(pointer):
            found = found[_place(found, token)] if isinstance(found, list) else found[token]
    except (KeyError, IndexError, TypeError, ValueError):
        raise BadPatch("missing", pointer) from None
    return found


def touches(marks: Iterable[str], ops: Sequence[Op]) -> list[str]:
    """Which places that `ops` are about were touched meanwhile, so that `ops` may no longer mean what their author saw.

    Rows moved by another count as touched, each of them; a row put at the end of a list disturbs nobody.
    """
    done = [tokens_of(mark) for mark in marks]
    wanted = [need for op in ops for need in _needs(op, alone=len(ops) == 1)]
    return sorted({pointer_of(need) for need in wanted if any(overlap(mark, need) for mark in done)})


def _needs(op: Op, *, alone: bool) -> list[Tokens]:
    """The places an operation relies on. Beside others it may count rows after one that moved them: then all rows."""
    paths = [tokens_of(op[name]) for name in ("from", "path") if name in op]
    shifts = op["op"] in ("add", "remove", "move")
    return [(*path[:-1], EVERY) if shifts and not alone and path and is_place(path[-1]) else path for path in paths]


def _step(done: Outcome, op: Op) -> None:
    path = tokens_of(op["path"])
    kind = op["op"]
    if kind == "test":
        if not same(value_at(done.content, op["path"]), op["value"]):
            raise BadPatch("differs", op["path"])
    elif kind == "add":
        _add(done, path, copy.deepcopy(op["value"]))
    elif kind == "remove":
        _remove(done, path)
    elif kind == "replace":
        _replace(done, path, copy.deepcopy(op["value"]))
    elif kind == "move":
        _move(done, tokens_of(op["from"]), path)
    else:
        raise BadPatch("unknown", op["path"])


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: `1` is not `true`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _place(rows: list[Any], token: str, *, beyond: int = 0) -> int:
    if token == END and beyond:
        return len(rows)
    if not is_place(token) or int(token) >= len(rows) + beyond:
        raise BadPatch("missing", token)
    return int(token)


def _home(content: Any, path: Tokens) -> Any:
    home = value_at(content, pointer_of(path[:-1]))
    if not isinstance(home, dict | list):
        raise BadPatch("misfit", pointer_of(path))
    return home


def _add(done: Outcome, path: Tokens, value: Any) -> None:
    if not path:
        _replace(done, path, value)
        return
    home = _home(done.content, path)
    if isinstance(home, list):
        place = _place(home, path[-1], beyond=1)
        path = (*path[:-1], str(place))
        done.marks.append(pointer_of(path if place == len(home) else (*path[:-1], EVERY)))
        home.insert(place, value)
        undo: dict[str, Any] = {"op": "remove", "path": pointer_of(path)}
    else:
        known = path[-1] in home
        undo = {"op": "replace", "path": pointer_of(path), "value": home[path[-1]]} if known else {}
        undo = undo or {"op": "remove", "path": pointer_of(path)}
        home[path[-1]] = value
        done.marks.append(pointer_of(path))
    _note(done, {"op": "add", "path": pointer_of(path), "value": value}, undo)


def _remove(done: Outcome, path: Tokens) -> Any:
    if not path:
        raise BadPatch("misfit", "")
    home = _home(done.content, path)
    place: Any = _place(home, path[-1]) if isinstance(home, list) else path[-1]
    inside = isinstance(home, list) and place < len(home) - 1
    done.marks.append(pointer_of((*path[:-1], EVERY) if inside else path))
    value = home.pop(place)
    pointer = pointer_of(path)
    _note(done, {"op": "remove", "path": pointer}, {"op": "add", "path": pointer, "value": value})
    return value


def _replace(done: Outcome, path: Tokens, value: Any) -> None:
    pointer = pointer_of(path)
    old = value_at(done.content, pointer)
    if path:
        home = _home(done.content, path)
        home[_place(home, path[-1]) if isinstance(home, list) else path[-1]] = value
    else:
        done.content = value
    done.marks.append(pointer)
    _note(
        done,
        {"op": "replace", "path": pointer, "value": value},
        {"op": "replace", "path": pointer, "value": old},
    )


def _move(done: Outcome, source: Tokens, path: Tokens) -> None:
    if source == path[: len(source)]:
        raise BadPatch("misfit", pointer_of(path))
    _add(done, path, _remove(done, source))


def _note(done: Outcome, op: dict[str, Any], undo: dict[str, Any]) -> None:
    """Copies, for what was put in or taken out may be changed again by a later operation."""
    done.ops.append(copy.deepcopy(op))
    done.inverse.insert(0, copy.deepcopy(undo))
