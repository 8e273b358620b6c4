"""The matcher on invented texts of which it is known what they mean, beside the nearest whole text (rapidfuzz) in the same run; and
the whole country's divisions taken over, beside a bare copy of the same rows."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Iterator

from django.db import connection, transaction
from rapidfuzz import process

from tests.load.addresses import COUNTY, SEED, Door, labelled, town
from tests.load.figures import Figure
from tongban.data.places.actions import DIVISIONS, take_over
from tongban.data.places.models import Address, DivisionSpan
from tongban.data.places.queries import find_addresses
from tongban.data.places.rules import level_of
from tongban.data.standards.gateways import put_values
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.rules import Code
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.ids import uuid7

VILLAGES = int(os.environ.get("TONGBAN_BENCH_VILLAGES", 620_573))  # as many as the country had in 2023
PRECISION, RECALL, SPEED = 0.98, 0.85, 10


def measure() -> list[Figure]:
    """All of it in one transaction that is taken back: the bench's city stays as it was."""
    with transaction.atomic():
        found = [*_matched(), *_taken_over()]
        transaction.set_rollback(True)
    return found


def _matched() -> list[Figure]:
    chance = random.Random(SEED)
    codes, doors = town(chance)
    _put(codes, doors)
    texts = labelled(chance, doors)
    said = [text for text, _code, _what in texts]
    began = time.perf_counter()
    answers = [match for _said, match in find_addresses(said, county=COUNTY)]
    ours = len(said) / (time.perf_counter() - began)
    whole = {one.code: "".join(one.names) + one.line for one in doors}
    few = range(0, len(said), 20)
    began = time.perf_counter()
    nearest = {at: process.extractOne(said[at], whole, score_cutoff=60) or ("", 0.0, "") for at in few}
    theirs = len(few) / (time.perf_counter() - began)
    judged = [_judged(answers[at].level, answers[at].code, code) for at, (_text, code, _what) in enumerate(texts)]
    others = [_judged("address", nearest[at][2], texts[at][1]) for at in few]
    precision, recall = _figures(judged)
    kinds = {
        what: [judged[at] for at, one in enumerate(texts) if one[2] == what]
        for what in sorted({one[2] for one in texts})
    }
    told = "; ".join(f"{what} {_figures(some)[0]:.2f}/{_figures(some)[1]:.2f}" for what, some in kinds.items())
    note = f"{len(doors):,} addresses, {len(texts):,} texts, a fifth of them of none that is registered"
    return [
        Figure("texts settled, precision", round(precision, 4), "", PRECISION, at_least=True, note=note),
        Figure(
            "texts settled, recall",
            round(recall, 4),
            "",
            RECALL,
            at_least=True,
            note=f"precision/recall by what is odd: {told}",
        ),
        Figure(
            "the nearest whole text (rapidfuzz), precision",
            round(_figures(others)[0], 4),
            "",
            note=f"{len(others)} of the texts",
        ),
        Figure("the nearest whole text (rapidfuzz), recall", round(_figures(others)[1], 4), ""),
        Figure("matcher against the nearest whole text, speed", round(ours / theirs, 1), "", SPEED, at_least=True),
        Figure("matcher", round(ours), "addresses/s", note="one process, a query for a thousand texts"),
    ]


def _judged(level: str, code: str, meant: str) -> str:
    """`right`, `wrong`, `left` (not settled, though it is registered) or `rightly left`."""
    if level not in ("address", "door") or not code:
        return "left" if meant else "rightly left"
    return "right" if code == meant else "wrong"


def _figures(judged: list[str]) -> tuple[float, float]:
    right, wrong, left = (judged.count(one) for one in ("right", "wrong", "left"))
    return right / max(right + wrong, 1), right / max(right + left + wrong, 1)


def _put(codes: list[Code], doors: list[Door]) -> None:
    DivisionSpan.objects.bulk_create(
        DivisionSpan(
            code=one.code,
            name=one.name,
            level=level_of(one.code),
            parent=one.parent,
            valid_from=today(),
            known_at=now(),
            version=0,
        )
        for one in codes
    )
    Address.objects.bulk_create(
        (
            Address(
                code=one.code, record_id=uuid7(), division=one.code[:12], road=one.road, former=one.former, number=one.number,
                estate=one.estate, building=one.building, unit=one.unit, room=one.room, text=one.line, state="in_use", known_at=now(),
            )
            for one in doors
        ),
        batch_size=2_000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("analyze places_address")


def country() -> Iterator[Code]:
    """As many divisions of every level as the country has, invented."""
    levels = {2: 31, 4: 342, 6: 2_978, 9: 41_352, 12: VILLAGES}
    above = [""]
    for digits, many in levels.items():
        below = []
        for number in range(many):
            parent = above[number * len(above) // many]
            code = f"{parent}{number - -(-(number * len(above) // many) * many // len(above)) + 1:0{digits - len(parent)}d}"
            below.append(code)
            yield Code(code, f"示例{code}", parent)
        above = below


def _taken_over() -> list[Figure]:
    """A new version of the code set with every name another: all end, all begin. Beside it a bare copy into a table of the same make."""
    rows = list(country())
    standard = Standard.objects.get(key=DIVISIONS)
    number = standard.versions.count() + 1
    version = Version.objects.create(
        standard=standard, version=number, effective_on=today(), content={"name": "示例"}, status="published", values_count=len(rows)
    )  # fmt: skip
    put_values(version.pk, rows)
    with connection.cursor() as cursor:
        cursor.execute("create temp table bare (like places_divisionspan including all) on commit drop")
        began = time.perf_counter()
        with cursor.copy("copy bare (code, name, level, parent, valid_from, known_at, version) from stdin") as copy:
            for one in rows:
                copy.write_row((one.code, one.name, level_of(one.code), one.parent, today(), now(), number))
        bare = time.perf_counter() - began
    began = time.perf_counter()
    counts = take_over(actor=installer("places.manage", "places.see"))
    ours = time.perf_counter() - began
    assert counts["divisions"] == counts["added"] == len(rows)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(
            "the country's divisions taken over against a bare copy, ratio of times",
            round(ours / bare, 2),
            "",
            3,
            note=f"{len(rows):,} rows",
        ),
        Figure("taken over", round(ours, 1), "s", note="all ended, all begun, children counted"),
        Figure("bare copy", round(bare, 1), "s", note="the same rows into a table with the same indexes"),
        Figure(
            "memory at most", round(most), "MB", 1024, note="both benches in one process, the rows themselves included"
        ),
    ]
