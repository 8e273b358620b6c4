"""Twenty rules on ten million persons in the lake, beside the same twenty written by hand as SQL and a bare reading of the same columns."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.test import override_settings

from tests.load.figures import Figure
from tests.load.gathering import gathered
from tests.load.persons import COLUMNS, NATIONS, persons
from tongban.data.lake import actions, queries
from tongban.data.lake.gateways import open_lake
from tongban.data.lake.tests.factories import HAND, own_lake
from tongban.foundation.organisations.queries import all_departments

ROWS = int(os.environ.get("TONGBAN_BENCH_ROWS", 10_000_000))
ROUNDS = int(os.environ.get("TONGBAN_BENCH_ROUNDS", 3))
TARGET, MOST_MB = 0.8, 4096
WALL, PROCESSOR, ANSWER = range(3)
THIS = uuid4().hex[:8]  # what an earlier measurement made stays in its database
OURS, THEIRS = f"bench_checked_{THIS}", f"bench_other_{THIS}"
ID, NAME, BORN = "id_number", "name", "born_on"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
WEIGHED = " + ".join(f"(ascii(substr(id_number, {at}, 1)) - 48) * {by}" for at, by in enumerate(ID_WEIGHTS, 1))
OLD, YOUNG = "1960-01-01", "2010-12-31"
DIGITS: dict[str, Any] = {"kind": "check_digit", "columns": [ID], "digits": "id_number"}
# Each rule as a steward writes it, and as one would write it by hand over the columns of `t`.
RULES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "not_null", "columns": [NAME, "sex"]}, "name is null or sex is null"),
    ({"kind": "not_null", "columns": ["address"]}, "address is null"),
    ({"kind": "not_null", "columns": ["nation", BORN]}, "nation is null or born_on is null"),
    ({"kind": "format", "columns": [ID], "pattern": "[0-9]{17}[0-9X]"}, "not regexp_full_match(id_number, '[0-9]{17}[0-9X]')"),
    ({"kind": "format", "columns": [NAME], "pattern": "示例[^0-9]+"}, "not regexp_full_match(name, '示例[^0-9]+')"),
    ({"kind": "format", "columns": ["address"], "pattern": ".*路[0-9]+号.*室"}, "not regexp_full_match(address, '.*路[0-9]+号.*室')"),
    ({"kind": "length", "columns": [NAME], "least": "2", "most": "6"}, "length(name) < 2 or length(name) > 6"),
    ({"kind": "length", "columns": ["address"], "most": "21"}, "length(address) > 21"),
    ({"kind": "codes", "columns": ["sex"], "values": ["1", "9"]}, "sex not in ('1', '9')"),
    ({"kind": "codes", "columns": ["nation"], "values": NATIONS[:40]}, f"nation not in ({str(NATIONS[:40])[1:-1]})"),
    (
        DIGITS,
        "not (regexp_full_match(id_number, '[0-9]{17}[0-9X]') and try_strptime(substr(id_number, 7, 8), '%Y%m%d') is not null and "
        f"substr('10X98765432', 1 + ({WEIGHED}) % 11, 1) = substr(id_number, 18, 1))",
    ),
    ({"kind": "range", "columns": [BORN], "least": OLD, "most": YOUNG}, f"born_on not between '{OLD}' and '{YOUNG}'"),
    ({"kind": "range", "columns": ["changed"], "least": "2025-12-13"}, "changed < '2025-12-13'"),
    ({"kind": "compare", "columns": [BORN, "changed"], "operator": "<"}, "born_on >= changed"),
    ({"kind": "id_birth", "columns": [ID, BORN]}, "length(id_number) = 18 and substr(id_number, 7, 8) <> strftime(born_on, '%Y%m%d')"),
    (
        {"kind": "id_sex", "columns": [ID, "sex"]},
        "length(id_number) = 18 and sex in ('1', '2') and (ascii(substr(id_number, 17, 1)) - 48) % 2 <> cast(sex as integer) % 2",
    ),
    ({"kind": "needs", "columns": ["nation", "address"], "value": "05"}, "nation = '05' and address is null"),
    ({"kind": "unique", "columns": [NAME, BORN]}, "n > 1"),
    ({"kind": "reference", "columns": [ID], "dataset": THEIRS, "their_column": ID}, "their_number is null"),
    (
        {"kind": "cross_source", "columns": [ID, NAME], "dataset": THEIRS, "their_key": ID, "their_column": NAME},
        "their_number is not null and their_name <> name",
    ),
]  # fmt: skip
BY_HAND = (
    f"with doubles as (select name as d_name, born_on as d_born, count(*) as n from lake.{OURS} where name is not null and "
    "born_on is not null group by all having n > 1) select count(*), "
    + ", ".join(f"count(*) filter ({condition})" for _spec, condition in RULES)
    + f" from lake.{OURS} as t left join doubles on d_name = name and d_born = born_on left join (select id_number as their_number, "
    f"name as their_name from lake.{THEIRS}) on their_number = id_number"
)
EVERY = ", ".join(f"max({one['name']})" for one in COLUMNS)
BARE = f"select {EVERY} from lake.{OURS}"  # every value of every column read


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> list[Figure]:
    """By hand, bare, then ours, and all of it again; medians are told. The counts of ours and those by hand must be the same."""
    with TemporaryDirectory() as folder, own_lake(Path(folder) / "lake"):
        inbox = Path(folder) / "inbox" / "office"
        inbox.mkdir(parents=True)
        persons(inbox / "persons.csv", rows, changed="2026-01-01")
        persons(inbox / "other.csv", rows // 10, changed="2026-02-01")
        with override_settings(GATHERING_ROOT=str(inbox.parent), LAKE_THREADS=os.cpu_count() or 1):
            dataset_id, _other = _filled(OURS, "persons.csv"), _filled(THEIRS, "other.csv")
            before = _most_mb()
            took = [_round(dataset_id) for _ in range(rounds)]
            most = _most_mb()
    wall, processor = (
        {name: statistics.median(one[name][at] for one in took) for name in took[0]} for at in (WALL, PROCESSOR)
    )
    ratios = [round(one["hand"][PROCESSOR] / one["ours"][PROCESSOR], 3) for one in took]
    on_the_clock = [round(one["hand"][WALL] / one["ours"][WALL], 3) for one in took]
    counted, bad, each, _version = took[0]["ours"][ANSWER]
    assert [counted, *each] == took[0]["hand"][ANSWER], "what is compared must be the same"

    def line(what: str, name: str, note: str) -> Figure:
        return Figure(what, round(wall[name], 1), "s", note=f"{round(processor[name], 1):g} s of the processor; {note}")

    told = f"{counted:,} rows, {len(each)} rules, {sum(one > 0 for one in each)} find something, {bad:,} rows offend"
    return [
        Figure(
            "twenty rules against the same by hand in SQL, processor time", statistics.median(ratios), "", TARGET, at_least=True,
            note=f"{told}; rounds: {' '.join(f'{one:g}' for one in ratios)}; on the clock {' '.join(f'{one:g}' for one in on_the_clock)}",
        ),
        line("twenty rules in one pass", "ours", f"{round(counted / wall['ours']):,} rows/s"),
        line("the same by hand", "hand", "one statement, joins instead of subqueries"),
        line("every column read and nothing asked", "bare", f"{processor['bare'] / processor['ours']:.2f} of the rules' processor time"),
        Figure(
            "the first fifty that offend against a check digit, against counting them in one pass, processor time",
            round(processor["first"] / processor["counted"], 2), "",
            note=f"{processor['first']:.1f} s and {processor['counted']:.1f} s; as one `where` it was about 3",
        ),
        line("the twenty one after another", "alone", f"{processor['alone'] / processor['ours']:.2f} times one pass's processor time"),
        Figure("memory of the house and its engine at most", round(most), "MB", MOST_MB,
               note=f"lake bound to {settings.LAKE_MEMORY}; {round(before)} MB when it was filled"),
    ]  # fmt: skip


def _filled(key: str, table: str) -> UUID:
    shape = [{"name": one["name"], "kind": one["kind"]} for one in COLUMNS]
    where: dict[str, Any] = {"title": "示例", "keys": [ID], "department_id": all_departments()[0].pk}
    dataset_id: UUID = actions.create_dataset(actor=HAND, key=key, columns=shape, **where).pk
    gathered(dataset_id, table)
    return dataset_id


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _round(dataset_id: UUID) -> dict[str, tuple[float, float, Any]]:
    specs = [spec for spec, _condition in RULES]
    return {
        "bare": _timed(lambda: _asked(BARE)),
        "hand": _timed(lambda: _asked(BY_HAND)),
        "ours": _timed(lambda: queries.checked(actor=HAND, dataset_id=dataset_id, specs=specs)),
        "counted": _timed(lambda: queries.checked(actor=HAND, dataset_id=dataset_id, specs=[DIGITS])),
        "first": _timed(lambda: queries.offenders(actor=HAND, dataset_id=dataset_id, spec=DIGITS, limit=50)),
        "alone": _timed(lambda: [queries.checked(actor=HAND, dataset_id=dataset_id, specs=[one]) for one in specs]),
    }


def _asked(statement: str) -> list[Any]:
    with open_lake() as lake:
        return list(lake.one(statement))


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds on the clock, seconds of the processor in this process with all of the engine's threads, and the answer."""
    began, began_to_work = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - began, time.process_time() - began_to_work, answer
