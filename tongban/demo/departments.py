"""Three departments' invented persons and two's invented firms that contradict each other in known ways (示例).

Every number is valid by its check digits unless it is meant to be wrong; what must come of merging them is told beside (`expected`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from tongban.foundation.kernel.identifiers import (
    citizen_id_birth,
    citizen_id_check,
    citizen_id_sex,
    organisation_check,
    uscc_check,
)

Row = dict[str, str]
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹"
GIVEN = "伟芳敏静丽强磊军洋勇艳杰涛明超兰霞平刚英华玉红建志文云莲雪荣佳琼晨宇浩子欣怡思远"
_SAID_ALIKE = (
    "伟炜 芳方 静婧 丽莉 强祥 军君 杰洁 明铭 华骅 英瑛 涛韬 敏闽 艳燕 勇永 超朝 霞侠 平萍 刚钢 玉钰 红宏 建健 志智 文雯 云芸 "
    "佳嘉 晨辰 宇羽 浩皓 欣昕 怡宜 思偲 远媛 洋阳 磊蕾 莲连 雪薛 荣容 琼瓊"
)
VARIANTS = {pair[0]: pair[1] for pair in _SAID_ALIKE.split()}
PLACES = ("511602001001", "511602001004", "511602002001", "511602005001", "511602101001", "511602103202")
ROADS = ("翠屏路", "思源大道", "金安大道", "建安中路", "五福东街", "厚街", "滨河路", "城南大道")
TRADES = (("便利店", "食品、日用品零售"), ("餐馆", "餐饮服务"), ("汽修厂", "机动车维修"), ("理发店", "理发服务"))
SEEN = date(2026, 10, 31)
PERSONS = {
    "police": ("公民身份号码", "姓名", "性别", "出生日期", "民族", "住址区划", "住址", "迁入日期", "更新日期"),
    "insurance": ("参保编号", "公民身份号码", "姓名", "出生日期", "联系电话", "住址区划", "住址", "更新日期"),
    "service": ("档案号", "公民身份号码", "姓名", "出生日期", "联系电话", "住址区划", "住址", "更新日期"),
}
FIRMS = {
    "market": ("统一社会信用代码", "名称", "类型", "法定代表人", "法定代表人证件", "区划", "地址", "成立日期", "注册资本", "经营范围",
               "电话", "更新日期"),
    "taxes": ("登记序号", "统一社会信用代码", "名称", "法定代表人", "区划", "地址", "电话", "更新日期"),
}  # fmt: skip


@dataclass
class City:
    """The sources' rows, and what merging them must come to."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # ID number → the name that must win
    phones: dict[str, str] = field(default_factory=dict)  # ID number → the phone that must win, the newest
    name_conflicts: set[str] = field(default_factory=set)
    address_conflicts: set[str] = field(default_factory=set)
    firm_conflicts: set[str] = field(
        default_factory=set
    )  # credit codes whose legal person is another at the tax office
    twins: set[tuple[str, str]] = field(default_factory=set)  # (serial of a row without a good number, whose it is)
    kin: set[str] = field(
        default_factory=set
    )  # serials of rows without a number that are nobody's here, but look like somebody's
    firm_twins: set[tuple[str, str]] = field(default_factory=set)


def person_number(number: int) -> str:
    born = date(1946, 1, 1) + timedelta(days=number * 7919 % 21_500)
    stem = f"511602{born:%Y%m%d}{700 + number // 21_500:03d}"
    return stem + citizen_id_check(stem)


def firm_number(number: int) -> str:
    body = f"MA6C{number:04d}"
    stem = f"92511602{body}{organisation_check(body)}"
    return stem + uscc_check(stem)


def wrong_digit(chance: random.Random, number: str) -> str:
    """Copied wrongly in one place, so that the check digit no longer fits."""
    place = chance.randint(10, 16)
    return number[:place] + str((int(number[place]) + chance.randint(1, 9)) % 10) + number[place + 1 :]


def city(persons: int, firms: int, *, seed: int = 5116) -> City:
    """The same city for the same numbers. Of the persons some 8 % differ in name, 10 % in address; 6 % come twice
    without a good number, blurred (`_blurred`), and there are rows of their kin."""
    made, chance = City({name: [] for name in (*PERSONS, *FIRMS)}), random.Random(seed)  # noqa: S311 — invented people
    people = [_person(made, chance, number) for number in range(persons)]
    for number in range(firms):
        _firm(made, chance, number, chance.choice(people))
    for name in ("insurance", "service", "taxes"):
        chance.shuffle(made.tables[name])
    return made


def _person(made: City, chance: random.Random, number: int) -> Row:
    code = person_number(number)
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 1 + (chance.random() < 0.8)))
    who = {
        "公民身份号码": code, "姓名": name, "性别": citizen_id_sex(code), "出生日期": str(citizen_id_birth(code)),
        "民族": chance.choice(["01"] * 12 + ["03", "15"]), "住址区划": chance.choice(PLACES),
        "住址": f"{chance.choice(ROADS)}{chance.randint(1, 300)}号", "迁入日期": _day(chance, 400, 6000), "更新日期": str(SEEN),
    }  # fmt: skip
    made.tables["police"].append(who)
    made.names[code] = name
    _insured(made, chance, number, who)
    _served(made, chance, number, who)
    return who


def _insured(made: City, chance: random.Random, number: int, who: Row) -> None:
    code, name, place, road = who["公民身份号码"], who["姓名"], who["住址区划"], who["住址"]
    if chance.random() > 0.7:
        return
    if chance.random() < 0.08 and any(sign in VARIANTS for sign in name[1:]):
        name = name[0] + "".join(VARIANTS.get(sign, sign) for sign in name[1:])
        made.name_conflicts.add(code)
    if chance.random() < 0.1:  # moved, and did not say so
        place, road = chance.choice(PLACES), f"{chance.choice(ROADS)}{chance.randint(301, 600)}号"
        made.address_conflicts.add(code)
    phone, seen = _phone(chance), _day(chance, 30, 900)
    made.phones[code] = phone
    made.tables["insurance"].append(
        {"参保编号": f"B{number:07d}", "公民身份号码": code, "姓名": name, "出生日期": who["出生日期"], "联系电话": phone,
         "住址区划": place, "住址": road, "更新日期": seen}
    )  # fmt: skip


def _served(made: City, chance: random.Random, number: int, who: Row) -> None:
    code, name = who["公民身份号码"], who["姓名"]
    if chance.random() > 0.5:
        return
    phone, seen = _phone(chance), _day(chance, 0, 29)
    row = {
        "档案号": f"D{number:07d}", "公民身份号码": code, "姓名": name, "出生日期": who["出生日期"], "联系电话": phone,
        "住址区划": who["住址区划"], "住址": who["住址"], "更新日期": seen,
    }  # fmt: skip
    if chance.random() < 0.12:  # the number is missing or wrong: whose it is, record linkage has to find
        made.twins.add((row["档案号"], code))
        row |= _blurred(chance, row, made.phones.get(code, phone))
    else:
        made.phones[code] = phone  # newer than any at the insurance
    made.tables["service"].append(row)
    if chance.random() < 0.02:
        made.tables["service"].append(_kin(made, chance, number, row))


def _blurred(chance: random.Random, row: Row, known_phone: str) -> Row:
    """The same person as a hurried clerk took him down. Each part goes wrong by itself, so some come through with little left."""
    code = row["公民身份号码"]
    place, road = row["住址区划"], row["住址"]
    odds = chance.random()
    if odds < 0.2:  # has moved
        place, road = chance.choice(PLACES), f"{chance.choice(ROADS)}{chance.randint(1, 300)}号"
    elif odds < 0.3:
        place = road = ""
    return {
        "公民身份号码": chance.choice(("", "", wrong_digit(chance, code), swapped_digits(chance, code), code[:-1])),
        "姓名": _misheard(chance, row["姓名"]), "出生日期": _misdated(chance, row["出生日期"]),
        "联系电话": _other_phone(chance, known_phone), "住址区划": place, "住址": road,
    }  # fmt: skip


def _misheard(chance: random.Random, name: str) -> str:
    odds = chance.random()
    if odds < 0.15:  # heard right, written otherwise
        return name[0] + "".join(VARIANTS.get(sign, sign) for sign in name[1:])
    if odds < 0.22:  # a typing error
        return name[:-1] + chance.choice(GIVEN)
    return name[0] + name[:0:-1] if odds < 0.25 else name


def _misdated(chance: random.Random, born: str) -> str:
    odds = chance.random()
    if odds < 0.1:
        return ""
    if odds < 0.18 and int(born[8:]) <= 12:  # day and month the wrong way about
        return f"{born[:4]}-{born[8:]}-{born[5:7]}"
    if odds < 0.26:
        return str(date.fromisoformat(born) + timedelta(days=chance.choice((-10, -1, 1, 10, 365))))
    return born


def _other_phone(chance: random.Random, known: str) -> str:
    """His own, another, none, or one digit off."""
    odds = chance.random()
    if odds < 0.05:
        return known[:-1] + str((int(known[-1]) + 1) % 10)
    return known if odds < 0.55 else "" if odds < 0.7 else _phone(chance)


def swapped_digits(chance: random.Random, number: str) -> str:
    """Two digits beside one another the wrong way about."""
    places = [place for place in range(10, 16) if number[place] != number[place + 1]]
    place = chance.choice(places or [16])
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _kin(made: City, chance: random.Random, number: int, row: Row) -> Row:
    """Somebody of the same household who is not registered here: same address, same telephone, same surname, no number."""
    serial = f"K{number:07d}"
    made.kin.add(serial)
    name = row["姓名"][0] + "".join(chance.sample(GIVEN, 1 + (chance.random() < 0.8)))
    born = date(2008, 1, 1) + timedelta(days=chance.randint(0, 6000)) if chance.random() < 0.5 else date(
        1946, 1, 1) + timedelta(days=chance.randint(0, 21_000))  # fmt: skip
    return row | {"档案号": serial, "公民身份号码": "", "姓名": name, "出生日期": str(born)}


def _firm(made: City, chance: random.Random, number: int, holder: Row) -> None:
    code, (trade, scope) = firm_number(number), chance.choice(TRADES)
    name = f"广安区{holder['姓名']}{trade}{number}号店（个体工商户）（示例）"
    place, road = chance.choice(PLACES), f"{chance.choice(ROADS)}{chance.randint(1, 300)}号"
    phone = _phone(chance)
    made.tables["market"].append(
        {"统一社会信用代码": code, "名称": name, "类型": "self_employed", "法定代表人": holder["姓名"],
         "法定代表人证件": holder["公民身份号码"], "区划": place, "地址": road, "成立日期": _day(chance, 200, 4000),
         "注册资本": str(chance.randint(1, 50) * 1_000_000), "经营范围": scope, "电话": phone, "更新日期": str(SEEN)}
    )  # fmt: skip
    if chance.random() > 0.8:
        return
    leader, serial = holder["姓名"], f"S{number:06d}"
    if chance.random() < 0.1:
        leader = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
        if leader != holder["姓名"]:
            made.firm_conflicts.add(code)
    told = code
    if chance.random() < 0.08:  # still under its old registration number, as before the codes were unified
        told = f"5116026{number:08d}"
        made.firm_twins.add((serial, code))
        made.firm_conflicts.discard(code)
        leader = holder["姓名"]
    made.tables["taxes"].append(
        {"登记序号": serial, "统一社会信用代码": told, "名称": name, "法定代表人": leader, "区划": place, "地址": road, "电话": phone,
         "更新日期": _day(chance, 10, 500)}
    )  # fmt: skip


def _phone(chance: random.Random) -> str:
    return f"199{chance.randrange(10**8):08d}"


def _day(chance: random.Random, least: int, most: int) -> str:
    return str(SEEN - timedelta(days=chance.randint(least, most)))
