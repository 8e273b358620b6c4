"""Invented people and companies with valid numbers, as register entries and as those who apply."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from tongban.data.registries.actions import company_values, person_values
from tongban.data.registries.models import Record
from tongban.data.registries.queries import LEGAL_PERSONS, POPULATION
from tongban.foundation.identity.models import Person
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.identifiers import citizen_id_check, citizen_id_sex, organisation_check, uscc_check
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红建国志文云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞晨宇浩然子轩欣怡思远"
TRADES = (("便利店", "食品、日用品零售"), ("餐馆", "餐饮服务"), ("汽修厂", "机动车维修"), ("理发店", "理发服务"))
PLACES = ("511602001001", "511602001004", "511602002001", "511602005001", "511602101001", "511602103202")
OLDEST, DAYS = date(1944, 1, 1), 22_000
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of credit codes
REGISTERED = ("id", "register", "key_index", "values", "origins", "known_at")
Row = dict[str, Any]


def closed(model: type[Model], name: str, value: Any) -> Any:
    """A value as its column keeps it."""
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    return field.get_db_prep_save(value, connection)


def copy(table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin") as lines:
        for row in rows:
            lines.write_row(row)


def person(number: int, seed: int) -> Row:
    """The same for the same number and seed. Born on one of sixty years' days; the sequence tells those of one day apart."""
    chance = random.Random(f"{seed} person {number}")  # noqa: S311  invented people
    born = OLDEST + timedelta(days=number * 7919 % DAYS)
    stem = f"511602{born:%Y%m%d}{500 + number // DAYS:03d}"
    id_number = stem + citizen_id_check(stem)
    return {
        "name": chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=1 + (chance.random() < 0.8))),
        "id_number": id_number,
        "sex": citizen_id_sex(id_number),
        "birth_on": born,
        "nation": "01",
        "phone": f"199{chance.randrange(10**8):08d}",
        "division": chance.choice(PLACES),
        "detail": f"{chance.randint(1, 400)}号",
    }


def company(number: int, seed: int, holder: Row) -> Row:
    chance = random.Random(f"{seed} company {number}")  # noqa: S311
    trade, scope = chance.choice(TRADES)
    body, rest = "", number
    for _ in range(5):
        rest, digit = divmod(rest, len(LETTERS))
        body = LETTERS[digit] + body
    first17 = f"92511602MA7{body}{organisation_check(f'MA7{body}')}"
    return {
        "name": f"广安区{holder['name']}{trade}（示例）",
        "uscc": first17 + uscc_check(first17),
        "kind": "self_employed",
        "legal_person_name": holder["name"],
        "legal_person_id_number": holder["id_number"],
        "division": holder["division"],
        "detail": f"{chance.randint(1, 400)}号",
        "registered_on": f"{chance.randint(2015, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "capital_fen": chance.randint(1, 50) * 1_000_000,
        "phone": holder["phone"],
        "scope": scope,
    }


class People:
    """Some of the people: written into the registers, and into the table that cases draw their applicants from."""

    def __init__(self, seed: int, offset: int) -> None:
        self.seed, self.offset = seed, offset
        self.text = closed(Person, "phone", "")

    def write_persons(self, first: int, last: int) -> None:
        made = [(n, uuid7(), person(self.offset + n, self.seed)) for n in range(first, last)]
        at, seal = now(), {n: closed(Person, "id_number", who["id_number"]) for n, _, who in made}
        phone = {n: closed(Person, "phone", who["phone"]) for n, _, who in made}
        index = {n: blind_index(who["id_number"]) for n, _, who in made}
        copy(
            "identity_person",
            ("id", "name", "id_type", "id_number", "id_index", "phone", "phone_index", "birth_on", "sex", "level", "invented",
             "created_at"),
            ((pk, who["name"], "111", seal[n], index[n], phone[n], blind_index(who["phone"]), who["birth_on"], who["sex"], 3, True, at)
             for n, pk, who in made),
        )  # fmt: skip
        copy(
            "registries_record",
            REGISTERED,
            ((pk, POPULATION, index[n], closed(Record, "values", person_values(who)), "", at) for n, pk, who in made),
        )
        copy(
            "many_applicant",
            ("kind", "no", "id", "person_id", "name", "number", "index", "phone"),
            (("person", n, pk, pk, who["name"], seal[n], index[n], phone[n]) for n, pk, who in made),
        )

    def write_companies(self, first: int, last: int, persons: int) -> None:
        made = []
        for n in range(first, last):
            holder = n * 7 % persons
            made.append(
                (n, holder, uuid7(), company(self.offset + n, self.seed, person(self.offset + holder, self.seed)))
            )
        at = now()
        copy(
            "identity_company",
            ("id", "uscc", "name", "legal_person_name", "address", "registered_on", "invented", "created_at"),
            ((pk, firm["uscc"], firm["name"], firm["legal_person_name"], firm["detail"], firm["registered_on"], True, at)
             for _, _, pk, firm in made),
        )  # fmt: skip
        copy(
            "registries_record",
            REGISTERED,
            (
                (pk, LEGAL_PERSONS, firm["uscc"], closed(Record, "values", company_values(firm)), "", at)
                for _, _, pk, firm in made
            ),
        )
        copy(
            "many_applicant",
            ("kind", "no", "id", "holder", "name", "number", "index", "phone"),
            (("company", n, pk, holder, firm["name"], closed(Person, "id_number", firm["uscc"]), blind_index(firm["uscc"]), self.text)
             for n, holder, pk, firm in made),
        )  # fmt: skip
