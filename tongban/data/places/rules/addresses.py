"""The parts of a Chinese address, read from the way people write it.

Parts after the division: road 街路巷, number 门牌, estate 小区 or 村民小组, building 幢, unit 单元, room 室. The order is everybody's;
no text of a standard was at hand here, so words that end a part are lists one can lengthen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

PARTS = ("road", "number", "estate", "building", "unit", "room")
DOOR_PARTS = ("road", "number", "estate")
WORDS = {"number": "号", "building": "栋", "unit": "单元", "room": "室"}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_COUNTED = re.compile("([零〇一二两三四五六七八九十百]+)(?=(?:号|栋|幢|座|单元|室|楼|层|组|社|附))")
_NOISE = re.compile(r"[\s,，。.；;：:、·()（）\[\]【】<>《》\"“”'#]+")
_BETWEEN = re.compile(rf"(?<=\d){_NOISE.pattern}(?=\d)")  # keeps two numbers apart: 翠屏路18 301
_DASH = re.compile("[—–－﹣-]+")
_ROAD = re.compile(
    r"^(\D{1,16}?(?:大道|公路|路|街(?!道)|巷|弄|胡同)(?!社区|居委会|村)(?:[东南西北中上下]段|[一二三四五六七八九十]{1,2}段)?)"
)
_NUMBER = re.compile(r"^(\d+(?:-\d+)?)号(?!楼)(?:附(\d+)号?)?")
_BARE = re.compile(r"^(\d+)(?:$|-(?=\d)|(?=[A-Z]))")  # a number whose 号 was left out
_ESTATE = re.compile(r"^(\D{2,16}?(?:小区|花园|家园|公寓|大厦|新村|苑|庭|广场|大院)|\d+(?:组|社))")
_BUILDING = re.compile(r"^(\d+|[A-Z]\d*)(?:栋|幢|号楼|座)")
_UNIT = re.compile(r"^(\d+)单元")
_FLOOR = re.compile(r"^\d+(?:楼|层)")
_ROOM = re.compile(r"^(\d+)(?:室|号房|房|号)?$")
_ROADISH = re.compile(
    "[东南西北中上下新老一二三四五六七八九十]?(?:大道|公路|路|街(?!道)|巷|弄|胡同|[东南西北中上下]段)"
)
_SHORT = re.compile(r"^(\d+)-(\d+)(?:-(\d+))?(?:室|号)?$")


@dataclass(frozen=True)
class Said:
    """What an address says: the division as a code as far as it is named, its parts, and what could not be read."""

    division: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    unread: str = ""


def plain(text: str) -> str:
    """Full-width signs made half-width, spaces and marks taken out, Chinese numbers before a counting word written in digits."""
    text = _BETWEEN.sub("-", unicodedata.normalize("NFKC", text)[:200])
    text = _DASH.sub("-", _NOISE.sub("", text)).upper()
    return _COUNTED.sub(lambda found: _number(found[1]), text)


def _number(said: str) -> str:
    if not set(said) & set("十百"):
        return "".join(str(_DIGITS[sign]) for sign in said)
    total, last = 0, 0
    for sign in said:
        if sign in "十百":
            total, last = total + (last or 1) * (10 if sign == "十" else 100), 0
        else:
            last = _DIGITS[sign]
    return str(total + last)


def road_plain(road: str) -> str:
    return plain(road)


def parsed(text: str, names: Mapping[str, str]) -> Said:
    """What an address says. `names`: ways of naming divisions → code, those of the city and all above it.

    Divisions may stand before the road, behind it or at the end, and in any order.
    """
    said, rest = _named(*_named_last(*_named(Said(), plain(text), names), names), names)
    said, rest = _named(*_taken(said, "road", _ROAD, rest), names)
    for part, pattern in (
        ("number", _NUMBER),
        ("estate", _ESTATE),
        ("number", _NUMBER),
    ):  # a compound's name may stand first
        said, rest = _taken(said, part, pattern, rest)
    if said.road and not said.number:
        said, rest = _taken(said, "number", _BARE, rest)
    said, rest = _taken(said, "building", _BUILDING, rest)
    said, rest = _taken(said, "unit", _UNIT, rest)
    return _ended(said, _FLOOR.sub("", rest))


def _named(said: Said, text: str, names: Mapping[str, str]) -> tuple[Said, str]:
    """The rest after as many names of divisions as follow one another, of which each lies within the others or around them."""
    found, longest = said.division, max(map(len, names), default=0)
    while text:
        for length in range(min(longest, len(text)), 1, -1):
            code = names.get(text[:length], "")
            fits = code and (code.startswith(found) or found.startswith(code))
            if fits and not _ROADISH.match(text[length:]):  # 广安大道 is no 广安
                found, text = max(found, code, key=len), text[length:]
                break
        else:
            break
    return replace(said, division=found), text


def _named_last(said: Said, text: str, names: Mapping[str, str]) -> tuple[Said, str]:
    """The same from the end, where people put in brackets what they left out."""
    for length in range(min(max(map(len, names), default=0), len(text) - 1), 2, -1):
        code = names.get(text[-length:], "")
        if code and (code.startswith(said.division) or said.division.startswith(code)):
            return replace(said, division=max(said.division, code, key=len)), text[:-length]
    return said, text


def _taken(said: Said, part: str, pattern: re.Pattern[str], rest: str) -> tuple[Said, str]:
    found = pattern.match(rest)
    if not found or getattr(said, part):
        return said, rest
    value = "附".join(one for one in found.groups() if one)
    return replace(said, **{part: value}), rest[found.end() :]


def _ended(said: Said, rest: str) -> Said:
    """The last numbers: 3-2-501 is building, unit and room, 2-501 unit and room of a building, else building and room."""
    short = _SHORT.match(rest)
    if short:
        first, second, third = short.groups()
        if third:
            return replace(said, building=first, unit=second, room=third)
        return replace(said, **({"unit": first} if said.building else {"building": first}), room=second)
    room = _ROOM.match(rest)
    if room and (said.building or said.unit or said.number):
        return replace(said, room=room[1])
    return replace(said, unread=rest)


def line_of(parts: Mapping[str, str]) -> str:
    """The parts after the division as one line: 翠屏路18号2栋1单元301室."""
    number = parts.get("number", "")
    main, _mark, beside = number.partition("附")
    door = f"{main}号附{beside}号" if beside else f"{main}号" if main else ""
    tail = "".join(f"{parts[part]}{WORDS[part]}" for part in ("building", "unit", "room") if parts.get(part))
    return f"{parts.get('road', '')}{door}{parts.get('estate', '')}{tail}"
