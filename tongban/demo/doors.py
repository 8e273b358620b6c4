"""Three departments' invented address books of the district that contradict each other in known ways (示例).

The police number doors and rooms, civil affairs name roads, the survey measures points. What must come of merging them is told beside.
Divisions are the real ones of the statistics; roads, numbers and points are invented, though the points lie within the district.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from .departments import SEEN, Row

DOORS = {
    "doors": ("地址编码", "区划", "街路巷", "门牌号", "小区或村组", "楼栋", "单元", "户室", "全称", "状态", "更新日期"),
    "roads": ("地名编号", "地址编码", "街路巷", "曾用名", "小区或村组", "更新日期"),
    "points": ("测绘编号", "地址编码", "区划", "街路巷", "门牌号", "全称", "经度", "纬度", "更新日期"),
}
# Community or village, road, what it was called before, longitude and latitude of number 0, and a step east and north a number.
ROADS = (
    ("511602001001", "翠屏路", "", 106.6290, 30.4730, 9e-5, 2e-5),
    ("511602001001", "思源大道北段", "广花路", 106.6300, 30.4770, 8e-5, -1e-5),
    ("511602001002", "厚街", "老厚街", 106.6330, 30.4690, 2e-5, 6e-5),
    ("511602001003", "柑子园路", "", 106.6260, 30.4700, -3e-5, 7e-5),
    ("511602001004", "新南门巷", "", 106.6345, 30.4665, 6e-5, -2e-5),
    ("511602001005", "果丰街", "", 106.6370, 30.4720, 5e-5, 5e-5),
    ("511602002001", "渠江北路", "河街", 106.6400, 30.4780, 4e-5, 8e-5),
    ("511602002001", "建安中路", "建设中街", 106.6345, 30.4750, 5e-5, 2e-5),
    ("511602002002", "万金山路", "", 106.6450, 30.4820, -5e-5, 6e-5),
    ("511602002003", "建设路", "", 106.6240, 30.4850, 7e-5, 3e-5),
    ("511602002004", "湖滨路", "环湖路", 106.6150, 30.4800, 6e-5, -5e-5),
    ("511602002006", "北街", "", 106.6390, 30.4870, 1e-5, 7e-5),
    ("511602005001", "五福街", "五福巷", 106.6220, 30.4640, 7e-5, -3e-5),
    ("511602005002", "万盛路", "", 106.6180, 30.4610, 5e-5, 5e-5),
    ("511602005003", "安龙路", "", 106.6150, 30.4660, 6e-5, 1e-5),
    ("511602101001", "官盛大道", "官盛正街", 106.6850, 30.5230, 8e-5, 3e-5),
)
VILLAGES = (  # village or community, group, where it lies
    ("511602103202", "3组", 106.7100, 30.6210),
    ("511602103202", "1组", 106.7150, 30.6240),
    ("511602105204", "1组", 106.7800, 30.6900),
)
# Doors that others of the demo city's rooms speak of, so that they are found.
SPOKEN_OF = {
    "翠屏路": (18, 20), "厚街": (56, 88), "柑子园路": (9, 11), "新南门巷": (3,), "果丰街": (22, 24), "渠江北路": (1, 77),
    "万金山路": (15,), "建设路": (40,), "湖滨路": (29, 35), "北街": (61, 66), "五福街": (8, 18), "万盛路": (101, 200), "安龙路": (12,),
    "官盛大道": (6, 8), "3组": (12,), "1组": (5,),
}  # fmt: skip
ROOMS = {
    ("翠屏路", 18): ("", "2", ("301", "302", "401")),
    ("渠江北路", 77): ("", "4", ("901", "902")),
    ("建安中路", 36): ("3", "2", ("1501", "1502")),
}
ESTATES = {("建安中路", 36): "锦绣花园", ("思源大道北段", 120): "思源小区"}
A_ROAD, A_VILLAGE = 16, 8


@dataclass
class Doors:
    """The sources' rows, and what merging them must come to."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in DOORS})
    texts: dict[str, str] = field(default_factory=dict)  # code → road and number as they must stand
    road_conflicts: set[str] = field(
        default_factory=set
    )  # codes of doors that the police still have under the old name
    number_conflicts: set[str] = field(default_factory=set)  # codes of doors the survey has under another number
    measured: set[str] = field(default_factory=set)  # codes with a good point
    ended: set[str] = field(default_factory=set)
    twins: set[tuple[str, str]] = field(default_factory=set)  # (number of a point without a code, whose it is)
    twice: set[tuple[str, str]] = field(default_factory=set)  # the same door twice at the police, under two codes
    serials: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # of a community, the last one given


def doors(*, seed: int = 5116) -> Doors:
    """The same every time. Of the doors some 4 % stand under an old name, 3 % under another number, 4 % have a point without a code."""
    made, chance = Doors(), random.Random(seed)  # noqa: S311 — invented
    for division, road, former, lon, lat, east, north in ROADS:
        for number in _numbers(chance, road, A_ROAD):
            aside = 4e-5 if number % 2 else -4e-5  # odd numbers on the one side
            at = (lon + number * east + aside * (north > east), lat + number * north + aside * (east >= north))
            _door(made, chance, Row(区划=division, 街路巷=road, 门牌号=str(number)), former, at)
    for division, group, lon, lat in VILLAGES:
        for number in _numbers(chance, group, A_VILLAGE):
            at = (lon + number * 1.1e-4, lat + chance.uniform(-1e-3, 1e-3))
            _door(made, chance, Row(区划=division, 小区或村组=group, 门牌号=str(number)), "", at)
    for name in ("roads", "points"):
        chance.shuffle(made.tables[name])
    return made


def _numbers(chance: random.Random, road: str, many: int) -> list[int]:
    fixed = {*SPOKEN_OF.get(road, ()), *(number for each, number in (*ROOMS, *ESTATES) if each == road)}
    return sorted(fixed | set(chance.sample(range(1, 61), many)))


def _door(made: Doors, chance: random.Random, parts: Row, former: str, at: tuple[float, float]) -> None:
    road, number = parts.get("街路巷", ""), int(parts["门牌号"])
    estate = parts.get("小区或村组") or ESTATES.get((road, number), "")
    building, unit, rooms = ROOMS.get((road, number), ("", "", ()))
    door = parts | {"小区或村组": estate, "状态": "注销" if chance.random() < 0.02 else "在用"}
    code = _kept(made, door, former if former and chance.random() < 0.12 else "")
    for room in rooms:
        _kept(made, door | {"楼栋": building, "单元": unit, "户室": room}, "")
    if not rooms and chance.random() < 0.015:
        made.twice.add((code, _kept(made, door, "")))
    if road:
        made.tables["roads"].append(
            {"地名编号": f"DM{len(made.tables['roads']):05d}", "地址编码": code, "街路巷": road, "曾用名": former, "小区或村组": estate,
             "更新日期": "2026-09-01"}
        )  # fmt: skip
    _measured(made, chance, code, door, at)


def _kept(made: Doors, door: Row, said: str) -> str:
    """A row of the police's, under the old name of the road if that is `said`; its code."""
    made.serials[door["区划"]] += 1
    code = f"{door['区划']}{made.serials[door['区划']]:06d}"
    row = {column: door.get(column, "") for column in DOORS["doors"]}
    row |= {"地址编码": code, "街路巷": said or row["街路巷"], "更新日期": str(SEEN)}
    made.tables["doors"].append(row | {"全称": _line(row)})
    made.texts[code] = door.get("街路巷", "") + door["门牌号"]
    made.road_conflicts |= {code} if said else set()
    made.ended |= {code} if row["状态"] == "注销" else set()
    return code


def _line(row: Row) -> str:
    rooms = "".join(
        f"{row[part]}{word}" for part, word in (("楼栋", "栋"), ("单元", "单元"), ("户室", "室")) if row.get(part)
    )
    return f"{row['街路巷']}{row.get('小区或村组', '')}{row['门牌号']}号{rooms}"


def _measured(made: Doors, chance: random.Random, code: str, door: Row, at: tuple[float, float]) -> None:
    odds, serial = chance.random(), f"CH{len(made.tables['points']):05d}"
    row = {column: door.get(column, "") for column in DOORS["points"]}
    row |= {
        "测绘编号": serial,
        "地址编码": code,
        "经度": f"{at[0]:.6f}",
        "纬度": f"{at[1]:.6f}",
        "更新日期": "2026-08-15",
    }
    if odds < 0.04:  # the survey does not know the code: record linkage has to find whose point it is
        row |= {"地址编码": ""}
        made.twins.add((serial, code))
    elif odds < 0.07:
        row |= {"门牌号": str(int(door["门牌号"]) + 100)}
        made.number_conflicts.add(code)
    elif odds < 0.08:  # longitude and latitude the wrong way about
        row |= {"经度": row["纬度"], "纬度": row["经度"]}
    if odds >= 0.08 or 0.04 <= odds < 0.07:
        made.measured.add(code)
    made.tables["points"].append(row | {"全称": _line(door | row)})
