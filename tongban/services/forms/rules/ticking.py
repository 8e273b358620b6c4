"""Ticks in the table of rows and leaves, and the simplest condition that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from .expressions import names_in
from .leaves import Way
from .verdicts import parse, verdict

MOST_ORDERS = 24
Value = str | None  # None: the question is not asked on this way
Cube = dict[str, frozenset[Value]]  # the answers allowed for each question that matters


def ticks_of(expression: str, ways: Sequence[Way]) -> list[bool] | None:
    """On which ways a condition holds as far as the situation goes; None where it cannot be read that way."""
    about, _rest = parted(expression)
    if about is None:
        return None
    return [verdict(about, {"situation": way.situation}) is True for way in ways]


def parted(expression: str) -> tuple[str | None, str]:
    """A condition as (what it asks of the situation, what it asks besides). None: the two cannot be told apart."""
    condition = parse(expression)
    parts = condition.parts if condition.kind == "and" else (condition,)
    about: list[str] = []
    rest: list[str] = []
    for part in parts if expression.strip() else ():
        names = names_in(part.text)
        if "situation" in names and len(names) > 1:
            return None, expression
        (about if "situation" in names else rest).append(f"({part.text})" if part.kind == "or" else part.text)
    return " and ".join(about), " and ".join(rest)


def condition_for(ways: Sequence[Way], chosen: Iterable[int], rest: str = "") -> str | None:
    """The simplest condition that holds on exactly the chosen ways, where `rest` holds besides. None: no way is chosen."""
    wanted = [ways[place].situation for place in sorted(set(chosen))]
    others = [way.situation for place, way in enumerate(ways) if place not in set(chosen)]
    if not wanted:
        return None
    if not others:
        return rest
    answers = _answers(ways)
    text = " or ".join(_written(cube, answers) for cube in _cover(wanted, others, answers))
    several = " or " in text
    return f"({text}) and {rest}" if rest and several else f"{text} and {rest}" if rest else text


def _answers(ways: Sequence[Way]) -> dict[str, tuple[Value, ...]]:
    """Every answer there is to each question, in the order they come, not being asked among them."""
    keys = dict.fromkeys(key for way in ways for key in way.situation)
    return {key: tuple(dict.fromkeys(way.situation.get(key) for way in ways)) for key in keys}


def _holds(cube: Cube, situation: Mapping[str, Any]) -> bool:
    return all(situation.get(key) in allowed for key, allowed in cube.items())


Situations = list[dict[str, str]]


def _cover(wanted: Situations, others: Situations, answers: dict[str, tuple[Value, ...]]) -> list[Cube]:
    """Few wide cubes that hold every wanted situation and no other."""
    cubes = [cube for situation in wanted for cube in _widest(situation, others, answers)]
    left, found = wanted, []
    while left:
        best = max(cubes, key=lambda cube: (sum(_holds(cube, s) for s in left), -_cost(cube, answers)))
        found.append(best)
        left = [situation for situation in left if not _holds(best, situation)]
    for cube in list(found):  # one that the rest make needless
        rest = [other for other in found if other is not cube]
        if all(any(_holds(other, situation) for other in rest) for situation in wanted):
            found = rest
    return found


def _widest(situation: dict[str, str], others: Situations, answers: dict[str, tuple[Value, ...]]) -> Iterator[Cube]:
    """A situation widened as far as it goes, in several orders, for the order decides what can still be widened."""
    keys = list(answers)
    orders: Iterable[tuple[str, ...]] = permutations(keys) if len(keys) <= 4 else _rotations(keys)
    seen = set()
    for number, order in enumerate(orders):
        if number >= MOST_ORDERS:
            return
        cube = _widened({key: frozenset({situation.get(key)}) for key in keys}, order, others, answers)
        mark = frozenset(cube.items())
        if mark not in seen:
            seen.add(mark)
            yield cube


def _rotations(keys: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(keys)):
        turned = (*keys[start:], *keys[:start])
        yield turned
        yield turned[::-1]


def _widened(cube: Cube, order: Sequence[str], others: Situations, answers: dict[str, tuple[Value, ...]]) -> Cube:
    for key in order:
        without = {name: allowed for name, allowed in cube.items() if name != key}
        if not any(_holds(without, situation) for situation in others):
            cube = without
    for key in [name for name in order if name in cube]:
        for value in answers[key]:
            wider = cube | {key: cube[key] | {value}}
            if not any(_holds(wider, situation) for situation in others):
                cube = wider
    return cube


def _cost(cube: Cube, answers: dict[str, tuple[Value, ...]]) -> int:
    return sum(_price(allowed, answers[key]) for key, allowed in cube.items())


def _price(allowed: frozenset[Value], answers: tuple[Value, ...]) -> int:
    """How hard one question's part is to read: few answers are easy, "is not" less so, "was not asked" least."""
    named = [value for value in answers if value in allowed]
    left = [value for value in answers if value not in allowed]
    denied = len(named) > 1 and (len(left) == 1 or None in allowed)
    said = left if denied else named
    return 2 + len(said) + denied + 3 * (None in said)


def _written(cube: Cube, answers: dict[str, tuple[Value, ...]]) -> str:
    atoms = [_atom(key, cube[key], answers[key]) for key in answers if key in cube]
    return " and ".join(atoms) if atoms else "true"


def _atom(key: str, allowed: frozenset[Value], answers: tuple[Value, ...]) -> str:
    """One question's part. Not being asked counts as an answer, so `!=` says less than it seems to."""
    yes = [value for value in answers if value in allowed]
    no = [value for value in answers if value not in allowed]
    name = f"situation.{key}"
    if len(yes) == 1:
        return f"{name} == {_literal(yes[0])}"
    if len(no) == 1:
        return f"{name} != {_literal(no[0])}"
    if None in allowed:
        return f"{name} not in [{', '.join(map(_literal, no))}]"
    return f"{name} in [{', '.join(map(_literal, yes))}]"


def _literal(value: Value) -> str:
    if value is None:
        return "null"
    return f'"{value}"' if "'" in value else f"'{value}'"
