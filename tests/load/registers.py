"""A register of a million persons: looked up by key as the door does it, beside a bare primary-key select in the same run; and
record linkage on people of whom it is known who is who."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
from django.db import connection

from tests.load.figures import Figure
from tongban.data.registries.actions import person_values
from tongban.data.registries.gateways import likely_pairs
from tongban.data.registries.models import Record
from tongban.data.registries.queries import POPULATION, registered
from tongban.data.registries.rules import with_age
from tongban.demo.departments import City, city
from tongban.demo.many.people import closed, copy, person
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.identifiers import citizen_id_fault
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index, open_json

PERSONS = int(os.environ.get("TONGBAN_BENCH_PERSONS", 1_000_000))
LABELLED, LIMIT_MS, LOOKS, SEED = 10_000, 5.0, 4_000, 77
COLUMNS = ("id", "register", "key_index", "values", "origins", "digest", "known_at")
KINDS, BLOCKS = (
    {"name": "name", "birth_on": "date", "phone": "phone", "address": "text", "id_number": "number"},
    [["name"], ["birth_on"], ["phone"], ["address"]],
)


def measure() -> list[Figure]:
    _fill()
    chance = random.Random(SEED)
    numbers = [person(chance.randrange(PERSONS), SEED)["id_number"] for _ in range(LOOKS)]
    indexes = [blind_index(number) for number in numbers]
    ids = dict(Record.objects.filter(register=POPULATION, key_index__in=indexes).values_list("key_index", "id"))
    found = [number for number, index in zip(numbers, indexes, strict=True) if index in ids]
    assert len(found) == len(numbers)
    with psycopg.connect(**_terms(), autocommit=True) as bare, bare.cursor() as cursor:

        def select(number: str) -> Any:
            statement = 'select "values" from registries_record where id = %s'
            return cursor.execute(statement, [ids[blind_index(number)]], prepare=True).fetchone()

        day = today()
        ours, peer = _alternately(
            numbers, lambda number: registered(POPULATION, number, day), select
        )  # in turn, so that what else the machine does strikes both alike
    made = city(LABELLED, 0)
    told = f"{PERSONS:,} persons, {LOOKS:,} look-ups, each another person; blind index, index look-up, decryption, age"
    return [
        Figure("register look-up by key, p50", round(_share(ours, 0.5), 2), "ms", note=told),
        Figure("register look-up by key, p99", round(_share(ours, 0.99), 2), "ms", LIMIT_MS, note="issue 6"),
        Figure(
            "bare primary-key select by psycopg, p50",
            round(_share(peer, 0.5), 2),
            "ms",
            note="the same rows, still encrypted",
        ),
        Figure("bare primary-key select by psycopg, p99", round(_share(peer, 0.99), 2), "ms"),
        Figure(
            "of a look-up, our own CPU beside the select",
            round(_cpu(numbers, day) * 1000),
            "µs",
            note="blind index, decryption, JSON, age; processor time, so a busy machine does not count",
        ),
        Figure("look-up p99 to its limit, ratio", round(_share(ours, 0.99) / LIMIT_MS, 3), "", 1.0),
        Figure("look-up p50 to the bare select, ratio", round(_share(ours, 0.5) / _share(peer, 0.5), 2), ""),
        *_linked(made),
    ]


def _cpu(numbers: list[str], day: date) -> float:
    """Milliseconds of processor time a look-up takes outside the database: the same steps on a row fetched before."""
    kept = [closed(Record, "values", person_values(person(place, SEED))) for place in range(min(500, len(numbers)))]
    began = time.process_time()
    for number, token in zip(numbers, kept, strict=False):
        blind_index(number)
        with_age(open_json(token), "person", day)
    return (time.process_time() - began) * 1000 / len(kept)


def _linked(made: City) -> list[Figure]:
    """Rows whose number is missing or wrong, against all persons: what Splink finds to what is known."""
    known: list[dict[str, Any]] = []
    names: list[str] = []
    for row in made.tables["police"]:
        number = row["公民身份号码"]
        known.append(_told(row, True, number, made.phones.get(number)))
        names.append(number)
    for row in made.tables["service"]:
        number = row["公民身份号码"]
        if citizen_id_fault(number, today=today()):
            known.append(_told(row, False, number or None, row["联系电话"]))
            names.append(row["档案号"])
    began = time.perf_counter()
    subjects = [{"id": place, **one} for place, one in enumerate(known)]
    pairs = list(likely_pairs(subjects, kinds=KINDS, blocks=BLOCKS, at_least=0.5))
    took = time.perf_counter() - began
    found = {(names[max(one.left, one.right)], names[min(one.left, one.right)]) for one in pairs}
    note = (
        f"{LABELLED:,} persons, {len(made.twins):,} of them again without a good number: misheard, mistyped, dates the wrong way "
        f"about, moved, parts missing; and {len(made.kin):,} rows of kin at the same address; probability from 0.5 on"
    )
    return [
        Figure(
            "duplicates found, precision",
            round(len(found & made.twins) / max(len(found), 1), 4),
            "",
            0.9,
            at_least=True,
            note=note,
        ),
        Figure(
            "duplicates found, recall", round(len(found & made.twins) / len(made.twins), 4), "", 0.85, at_least=True
        ),
        Figure("looking for them", round(len(known) / took), "rows/s", note="Splink on DuckDB, one thread"),
    ]


def _told(row: dict[str, str], keyed: bool, number: str | None, phone: str | None) -> dict[str, Any]:
    said = {
        "name": row["姓名"],
        "birth_on": row["出生日期"],
        "phone": phone,
        "address": row["住址区划"] + row["住址"],
        "id_number": number,
    }
    return {"keyed": keyed, **{name: text or None for name, text in said.items()}}


def _fill() -> None:
    """The persons that are missing, encrypted as a build writes them."""
    held = Record.objects.filter(register=POPULATION, digest="bench").count()
    for first in range(held, PERSONS, 50_000):
        at = now()
        made = (person(number, SEED) for number in range(first, min(first + 50_000, PERSONS)))
        copy(
            "registries_record",
            COLUMNS,
            (
                (
                    uuid7(),
                    POPULATION,
                    blind_index(who["id_number"]),
                    closed(Record, "values", person_values(who)),
                    "",
                    "bench",
                    at,
                )
                for who in made
            ),
        )
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze registries_record")


def _terms() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("host", "port", "user", "password", "dbname") if known.get(name)}


def _alternately(numbers: list[str], *works: Callable[[str], Any]) -> list[list[float]]:
    took: list[list[float]] = [[] for _ in works]
    for place, number in enumerate(numbers):
        for times, work in zip(took, works, strict=True):
            began = time.perf_counter()
            work(number)
            if place >= 100:  # the first are not counted
                times.append((time.perf_counter() - began) * 1000)
    return [sorted(times) for times in took]


def _share(took: list[float], share: float) -> float:
    return took[min(len(took) - 1, int(len(took) * share))]
