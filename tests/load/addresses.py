"""An invented county's standard addresses, and texts of which it is known what they mean: as people write them, wrongly in known ways."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tongban.data.places.rules import line_of
from tongban.data.standards.rules import Code

COUNTY, SEED = "990102", 6
TEXTS = int(os.environ.get("TONGBAN_BENCH_TEXTS", 6_000))
STREETS, COMMUNITIES, A_COMMUNITY, DOORS = 8, 6, 5, 30
FIRST, SECOND = "安平永兴长春光文新建金玉清华和顺", "阳宁福民乐康山水河泉桥塔湖屏江林"
KINDS = ("路", "街", "大道", "巷")
NAMED = "锦绣 阳光 翠竹 滨河 书香 紫荆 康乐 御景".split()


@dataclass(frozen=True)
class Door:
    code: str
    names: tuple[str, ...]  # of its divisions, the province first
    road: str
    former: str
    number: str
    estate: str
    building: str
    unit: str
    room: str

    @property
    def line(self) -> str:
        return line_of({part: getattr(self, part) for part in ("road", "number", "estate", "building", "unit", "room")})


def town(chance: random.Random) -> tuple[list[Code], list[Door]]:
    """An invented county: streets, communities, roads (many alike by one sign, some with a former name), doors, some with rooms."""
    codes = [Code("99", "示例省"), Code("9901", "示范市", "99"), Code(COUNTY, "样例区", "9901")]
    roads = [f"{a}{b}{kind}" for a in FIRST for b in SECOND for kind in KINDS]
    chance.shuffle(roads)
    doors: list[Door] = []
    for street in range(1, STREETS + 1):
        above = f"{COUNTY}{street:03d}"
        named = f"{FIRST[street]}{SECOND[-street]}街道"
        codes.append(Code(above, named, COUNTY))
        for each in range(1, COMMUNITIES + 1):
            code = f"{above}{each:03d}"
            codes.append(Code(code, f"{SECOND[street]}{FIRST[each + 5]}社区居委会", above))
            names = ("示例省", "示范市", "样例区", named, codes[-1].name)
            for _road in range(A_COMMUNITY):
                doors += _along(chance, code, names, roads.pop(), roads)
    return codes, doors


def _along(chance: random.Random, code: str, names: tuple[str, ...], road: str, unused: list[str]) -> list[Door]:
    road = road if chance.random() < 0.8 else f"{road[:-1]}{chance.choice('东西南北中')}路"
    former = unused.pop() if chance.random() < 0.2 else ""
    made = []
    for number in chance.sample(range(1, 200), DOORS):
        estate = chance.choice(NAMED) + chance.choice(("花园", "小区")) if chance.random() < 0.1 else ""
        rooms = (
            [("", "", "")]
            if chance.random() < 0.7
            else [(str(b), "1", f"{f}0{d}") for b in (1, 2) for f in (1, 3) for d in (1, 2)]
        )
        for building, unit, room in rooms:
            serial = f"{code}{road}{number}"
            made.append(
                Door(f"{serial}-{building}{unit}{room}", names, road, former, str(number), estate, building, unit, room)
            )
    return made


# How people write it otherwise. Each takes the door, its divisions as said and its line.
Said = tuple[list[str], str]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")


def _levels(chance: random.Random, door: Door, said: Said) -> Said:
    """Levels are missing from the top, and some in the middle."""
    names = said[0][chance.randint(0, 4) :]
    return ([one for one in names if chance.random() < 0.8], said[1])


def _short(chance: random.Random, door: Door, said: Said) -> Said:
    return ([one.replace("居委会", "").removesuffix("省").removesuffix("市") for one in said[0]], said[1])


def _marks(chance: random.Random, door: Door, said: Said) -> Said:
    line = (
        said[1]
        .translate(WIDE)
        .replace("号", "号，")
        .replace("栋", "栋 ")
        .replace("室", chance.choice(("", "号房", "室")))
    )
    return said[0], line.rstrip("，")


def _numbers(chance: random.Random, door: Door, said: Said) -> Said:
    return said[0], said[1].replace(f"{door.number}号", f"{door.number.translate(CHINESE)}号", 1)


def _dashes(chance: random.Random, door: Door, said: Said) -> Said:
    if not door.room:
        return said
    return said[0], f"{door.road}{door.number}号{door.estate}{door.building}-{door.unit}-{door.room}"


def _former(chance: random.Random, door: Door, said: Said) -> Said:
    return (said[0], said[1].replace(door.road, door.former, 1)) if door.former else said


ALIKE = dict(
    zip(
        "安平永兴长春光文新建金玉清华和顺阳宁福民乐康山水河泉桥塔湖屏江林",
        "按坪勇星常椿广闻心健今育青化合舜杨凝服敏月亢珊税何全侨踏胡瓶姜琳",
        strict=True,
    )
)


def _typo(chance: random.Random, door: Door, said: Said) -> Said:
    """One sign of the road: mostly one that sounds the same, as who types by sound writes it; else any other."""
    at = chance.randrange(2)
    sign = door.road[at]
    other = ALIKE[sign] if chance.random() < 0.7 else chance.choice([one for one in FIRST + SECOND if one != sign])
    return said[0], said[1].replace(door.road, door.road[:at] + other + door.road[at + 1 :], 1)


def _swapped(chance: random.Random, door: Door, said: Said) -> Said:
    """The street before the city, or behind the door."""
    names = said[0][:]
    if chance.random() < 0.5:
        chance.shuffle(names)
        return names, said[1]
    return names[:-1], said[1] + (names[-1] if names else "")


def _dropped(chance: random.Random, door: Door, said: Said) -> Said:
    return said[0], said[1].replace("号", "" if not door.building and not door.estate else "号", 1)


BLURS: dict[str, Callable[[random.Random, Door, Said], Said]] = {
    "levels missing": _levels, "short names": _short, "full-width and marks": _marks, "Chinese numbers": _numbers, "dashes": _dashes,
    "former names": _former, "typing errors": _typo, "levels swapped": _swapped, "号 left out": _dropped,
}  # fmt: skip


def labelled(chance: random.Random, doors: list[Door]) -> list[tuple[str, str, str]]:
    """(text, code that is meant or empty, what was done to it). A fifth means nothing that is registered."""
    made = []
    roads, numbers = {one.road for one in doors}, {(one.road, one.number) for one in doors}
    free = [a + b + kind for a in FIRST for b in SECOND for kind in KINDS if a + b + kind not in roads]
    free = sorted({*free} - {one.former for one in doors})
    for _ in range(TEXTS):
        door = chance.choice(doors)
        blurs = chance.sample(sorted(BLURS), chance.choice((1, 1, 2, 3)))
        odds = chance.random()
        if odds < 0.1:  # a number that is not there
            number = next(str(n) for n in range(200, 600) if (door.road, str(n)) not in numbers)
            door = replace(door, code="", number=number)
        elif odds < 0.2:  # a road that is not there, of the same make as those that are
            door = replace(door, code="", road=chance.choice(free), former="", estate="")
        said: Said = (list(door.names), door.line)
        for name in blurs:
            if not (odds < 0.2 and name == "typing errors"):
                said = BLURS[name](chance, door, said)
        made.append(
            ("".join(said[0]) + said[1], door.code, " + ".join(blurs) if len(blurs) == 1 else f"{len(blurs)} at once")
        )
    return made
