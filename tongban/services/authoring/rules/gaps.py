"""An unfinished definition, looked at as if its gaps were filled, so that the rest can be checked and shown."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EMPTY_KINDS = {"required", "minLength", "minItems"}
BY_KEY = ("materials", "fees", "special_procedures")


@dataclass(frozen=True)
class Gap:
    """A place where the document is not (yet) what the schema wants: a JSON pointer, and whether it is merely empty."""

    path: str
    kind: str
    empty: bool
    word: str = ""


def gaps_in(content: Any, faults: Iterable[tuple[str, str, str]]) -> list[Gap]:
    """The schema's faults (dotted path, kind, word) as places a person can be led to, one for each place."""
    found: dict[str, Gap] = {}
    for dotted, kind, word in faults:
        steps = dotted.split(".") if dotted else []
        path = "/" + "/".join([*steps, word] if kind == "required" else steps)
        empty = kind in EMPTY_KINDS or at(content, steps) in (None, "")
        found.setdefault(path, Gap(path, kind, empty, word))
    return list(found.values())


def at(content: Any, steps: Sequence[str]) -> Any:
    """The value at some steps, None when there is none."""
    for step in steps:
        if isinstance(content, list) and step.isdigit() and int(step) < len(content):
            content = content[int(step)]
        elif isinstance(content, dict):
            content = content.get(step)
        else:
            return None
    return content


def filled(
    content: Mapping[str, Any], gaps: Iterable[Gap], filler: Mapping[str, Any]
) -> tuple[dict[str, Any], set[str]]:
    """A copy in which what is misshapen is replaced from `filler`, and the top elements whose findings mean nothing now.

    A misshapen row of a list that is known by keys is left out, so that the other rows are still checked.
    """
    whole = copy.deepcopy({name: value for name, value in content.items() if name in filler})
    silent: set[str] = set()
    left_out: dict[str, set[int]] = {}
    for gap in gaps:
        top, _, rest = gap.path[1:].partition("/")
        row = rest.partition("/")[0]
        if top in BY_KEY and row.isdigit():
            left_out.setdefault(top, set()).add(int(row))
        elif top in filler:
            whole[top] = copy.deepcopy(filler[top])
            silent.add(top)
    for top, rows in left_out.items():
        whole[top] = [row for place, row in enumerate(whole[top]) if place not in rows]
    for name, value in filler.items():
        whole.setdefault(name, copy.deepcopy(value))
    return whole, silent


def pointer(content: Any, dotted: str) -> str:
    """A finding's path (`materials.plan.name`, rows by key) as a JSON pointer (`/materials/0/name`)."""
    steps: list[str] = []
    found = content
    for word in dotted.split(".") if dotted else []:
        for step in _steps(found, word):
            steps.append(step)
            found = at(found, [step])
    return "".join(f"/{step}" for step in steps)


def _steps(found: Any, word: str) -> list[str]:
    """How one word of a finding's path leads on: a row by its key, also through a form's groups; else the word itself."""
    if isinstance(found, list):
        named = (str(place) for place, row in enumerate(found) if isinstance(row, dict) and row.get("key") == word)
        return [next(named, word)]
    return [word]
