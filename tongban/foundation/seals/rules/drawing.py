"""How a seal looks: 国发〔1999〕25号 (round, at most 45 mm, simplified 宋体, the name around from left to right, a star in the middle),
GA 241 for seals of special business. Lengths in millimetres, angles in degrees clockwise from the top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from typing import Any

RED = "#d9001b"

# Kind of seal → how wide it is. Seals of the body and its branches 42; those inside it and of special business smaller.
DIAMETER = {"legal": 42, "branch": 42, "inner": 40, "business": 40}
SQUARE, LONG_NAME = 18, (36, 12)  # a person's seal, and that of a name of more than four signs

RING, GAP = 1.2, 0.9  # the red edge, and the white inside it
STAR = 7.0  # from its middle to a point
TALLEST, LOWEST = 7.0, 4.0  # the letters around, from short names to the longest
WIDEST_STEP = 26.0  # degrees between letters of a short name, so that they do not stray apart
WIDEST_SPAN = 292.0  # of the whole name; below it the circle stays open, so that one sees where the name begins
FILLED = 0.93  # how much of the room between two letters a letter takes
LINE_TALLEST = 4.6  # the words of business under the star


@dataclass(frozen=True)
class Letter:
    """One sign: where its middle stands from the middle of the seal, how it is turned, its height and how far it is squeezed."""

    sign: str
    x: float
    y: float
    angle: float
    height: float
    squeeze: float

    @property
    def width(self) -> float:
        return self.height * self.squeeze


@dataclass(frozen=True)
class Drawing:
    """Everything that is on a seal. `round` ones have an edge in a circle and may have a star."""

    width: int
    height: int
    round: bool
    letters: tuple[Letter, ...]
    star: float = 0.0

    def as_data(self) -> dict[str, Any]:
        rows = [vars(letter) for letter in self.letters]
        return {"width": self.width, "height": self.height, "round": self.round, "star": self.star, "ring": RING} | {
            "letters": rows, "colour": RED
        }  # fmt: skip


def drawing_of(kind: str, name: str, business: str = "") -> Drawing:
    """The seal of a kind (`legal`, `inner`, `branch`, `business`, `personal`) with this name, and words of business if any."""
    if kind == "personal":
        return _personal(name)
    diameter = DIAMETER[kind]
    around = tuple(_around(name, diameter / 2))
    inside = diameter / 2 - RING - GAP - around[0].height
    line = tuple(_line(business, inside)) if business else ()
    star = min(STAR, inside * (0.5 if business else 0.62))
    return Drawing(diameter, diameter, True, around + line, round(star, 2))


def _around(name: str, radius: float) -> Iterator[Letter]:
    """The letters on the arc, feet to the middle. A long name takes more of the circle, then lower and narrower letters."""
    count = len(name)
    height = next(
        (tall for tall in _heights() if _squeeze(radius, tall, _step(count)) >= _least(tall)), LOWEST
    )  # fmt: skip
    step = _step(count)
    squeeze = min(1.0, _squeeze(radius, height, step))
    reach = radius - RING - GAP - height / 2
    for place, sign in enumerate(name):
        angle = step * (place - (count - 1) / 2)
        yield Letter(
            sign,
            round(reach * sin(radians(angle)), 3),
            round(-reach * cos(radians(angle)), 3),
            round(angle, 3),
            height,
            round(squeeze, 3),
        )


def _heights() -> Iterator[float]:
    tall = TALLEST
    while tall > LOWEST:
        yield tall
        tall = round(tall - 0.2, 2)
    yield LOWEST


def _least(height: float) -> float:
    """Tall letters may be half as wide as they are high; lower ones have to be wider to be read."""
    return 0.62 if height > 5.4 else 0.55


def _step(count: int) -> float:
    return min(WIDEST_STEP, WIDEST_SPAN / max(count - 1, 1))


def _squeeze(radius: float, height: float, step: float) -> float:
    """How wide a letter may be at its feet, where there is least room, as a part of its height."""
    feet = radius - RING - GAP - height
    return 2 * feet * sin(radians(step / 2)) * FILLED / height


def _line(words: str, inside: float) -> Iterator[Letter]:
    """Words in a straight line below the star, inside the circle that the name leaves free."""
    height = LINE_TALLEST
    while True:
        middle = inside * 0.66
        chord = 2 * sqrt(max(inside**2 - (middle + height / 2) ** 2, 0.01)) * 0.97
        step = min(height * 1.06, chord / len(words))
        if step / height >= 0.5 or height <= 2.4:
            break
        height = round(height - 0.2, 2)
    for place, sign in enumerate(words):
        x = step * (place - (len(words) - 1) / 2)
        yield Letter(sign, round(x, 3), round(middle, 3), 0.0, height, round(min(1.0, step * 0.96 / height), 3))


def _personal(name: str) -> Drawing:
    """A person's seal: two columns from right to left (李华 with 之印, 张国强 with 印), longer names in one line."""
    signs = name + {2: "之印", 3: "印"}.get(len(name), "")
    if len(signs) == 4:
        tall = SQUARE / 2 - RING - 0.35
        at = tall / 2 + 0.15
        places = [(at, -at), (at, at), (-at, -at), (-at, at)]
        letters = [Letter(sign, x, y, 0.0, tall, 1.0) for sign, (x, y) in zip(signs, places, strict=True)]
        return Drawing(SQUARE, SQUARE, False, tuple(letters))
    width, height = LONG_NAME
    step = (width - 2 * RING - 1.6) / len(signs)
    tall = height - 2 * RING - 1.6
    return Drawing(width, height, False, tuple(
        Letter(sign, round(step * (place - (len(signs) - 1) / 2), 3), 0.0, 0.0, tall, round(min(1.0, step * 0.96 / tall), 3))
        for place, sign in enumerate(signs)
    ))  # fmt: skip


def corners(letter: Letter) -> list[tuple[float, float]]:
    """The four corners of a letter's box as it stands, for seeing that nothing touches."""
    turn = letter.angle * pi / 180
    return [
        (
            letter.x + dx * letter.width / 2 * cos(turn) - dy * letter.height / 2 * sin(turn),
            letter.y + dx * letter.width / 2 * sin(turn) + dy * letter.height / 2 * cos(turn),
        )
        for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
