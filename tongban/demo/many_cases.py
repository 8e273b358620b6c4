"""A great many cases in little time, to measure and to try lists on: written by COPY, past the actions, never for real use.

Each has its line of events, and while it is open its step and its clock; no facts, letters, materials or files. Every column
holds what the actions would have left there, so that pages open them as any other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import yaml
from django.db import connection
from django.db.models import Field, Model

from tongban.foundation.clocks.models import Clock
from tongban.foundation.clocks.queries import add_working_days, calendar_of, clock_row
from tongban.foundation.identity.models import Person
from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index
from tongban.services.cases.models import Case, CaseEvent, CaseStep
from tongban.services.cases.rules import compose_project_no
from tongban.services.items.queries import published

SAMPLES = Path(__file__).parent / "definitions" / "samples"
YEARS = 2  # how far back they reach
OPEN_SHARE = 0.03
DOMINANT_SHARE = 0.6  # of all, to the department that handles most
BUSY_SHARE = 0.01  # of all, of the one applicant who applies most
CHUNK = 20_000
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉"
RESULTS = ("granted", "granted", "granted", "granted", "granted", "granted", "refused", "withdrawn", "not_accepted")
OPEN_STATES = ("submitted", "received", "accepted", "accepted", "reviewing")
STAGES = {"submitted": ("accept", "受理"), "received": ("accept", "受理")}


@dataclass(frozen=True)
class Kind:
    """One service item: what is the same in all of its cases, encrypted once."""

    same: dict[str, Any]
    task_code: str
    promise: tuple[int, str]
    statutory: tuple[int, str] | None
    stage: tuple[str, str, int]


def _kinds() -> list[Kind]:
    """The demo city's items; those of the department with the most of them come first."""
    kinds = []
    for path in sorted(SAMPLES.glob("*.yaml")):
        sample = yaml.safe_load(path.read_text())
        version = published(sample["code"])
        content, item = version.content, version.item
        same = {
            "item_version_id": version.pk,
            "item_code": sample["code"],
            "task_code": item.task_code,
            "task_name": content["task_name"],
            "project_type": content.get("project_type", "2"),
            "department_id": item.department_id,
            "division": item.division_id,
            "answers": _closed(Case, "answers", sample["answers"]),
            "situation": _closed(Case, "situation", sample["situation"]),
        }
        promise, statutory = content["promise"], content.get("statutory")
        stage = content["flow"]["stages"][0]
        kinds.append(
            Kind(
                same,
                item.task_code,
                (promise["days"], promise["unit"]),
                (statutory["days"], statutory["unit"]) if statutory and statutory.get("days") else None,
                (stage["key"], stage["name"], stage["limit_days"]),
            )
        )
    count = {kind.same["department_id"]: 0 for kind in kinds}
    for kind in kinds:
        count[kind.same["department_id"]] += 1
    return sorted(kinds, key=lambda kind: -count[kind.same["department_id"]])


def _closed(model: type[Model], name: str, value: Any) -> Any:
    """A value as its column keeps it."""
    return cast("Field[Any, Any]", model._meta.get_field(name)).get_db_prep_save(value, connection)


@dataclass(frozen=True)
class Applicant:
    """One of two thousand, most of them without an account."""

    id: UUID | None
    name: str
    number: str
    index: str
    phone: str


def _applicants(chance: random.Random) -> list[Applicant]:
    """The first is a demo citizen, who can sign in and look at his ten thousand cases."""
    made = [
        Applicant(
            uuid7(),
            chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2)))),
            _closed(Case, "applicant_number", f"51160219{chance.randrange(10**10):010d}"),
            blind_index(f"many{number}"),
            _closed(Case, "contact_phone", f"199{chance.randrange(10**8):08d}"),
        )
        for number in range(2000)
    ]
    known = Person.objects.filter(account__username="lihua").first()
    if known:
        number, index = _closed(Case, "applicant_number", known.id_number), known.id_index
        made[0] = Applicant(known.pk, known.name, number, index, made[0].phone)
    return made


# -- one case ------------------------------------------------------------------------------------------------------------


class Maker:
    """Makes rows, one case after another, the oldest first."""

    def __init__(self, how_many: int, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  invented cases
        self.kinds, self.applicants = _kinds(), _applicants(self.chance)
        dominant = self.kinds[0].same["department_id"]
        self.most = [kind for kind in self.kinds if kind.same["department_id"] == dominant]
        self.others = [kind for kind in self.kinds if kind.same["department_id"] != dominant]
        self.how_many, self.made = how_many, 0
        self.first_serial = 5000 + Case.objects.count()  # beyond what a day of real cases or an earlier run has taken
        self.serials: dict[tuple[str, date], int] = {}
        self.reckoned: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.empty = _closed(Case, "delivery_wish", {})

    def rows(
        self,
    ) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any] | None, dict[str, Any] | None]]:
        """The case, its events, its step, its clock."""
        while self.made < self.how_many:
            yield self._one()
            self.made += 1

    def _one(self) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any] | None, dict[str, Any] | None]:
        chance = self.chance
        kind = chance.choice(self.most if chance.random() < DOMINANT_SHARE or not self.others else self.others)
        who = self.applicants[0] if chance.random() < BUSY_SHARE else chance.choice(self.applicants)
        is_open = chance.random() < OPEN_SHARE
        age = (
            chance.randrange(12) if is_open else 15 + (YEARS * 365 - 15) * (self.how_many - self.made) // self.how_many
        )
        day = today() - timedelta(days=age)
        at = datetime.combine(day, time(9 + chance.randrange(8), chance.randrange(60), chance.randrange(60)), SHANGHAI)
        clock = self._clock(kind, day)
        case = self._case(kind, who, at.astimezone(UTC), clock)
        state = chance.choice(OPEN_STATES) if is_open else "closed"
        case |= self._open(kind, state, at, clock) if is_open else self._ended(chance.choice(RESULTS), at, clock)
        step = self._step(case, kind, at, day) if state in ("accepted", "reviewing") else None
        timed = {"id": uuid7(), "subject": f"case:{case['id']}", "kind": "decision", **clock} if step else None
        return case, self._events(case), step, timed

    def _clock(self, kind: Kind, day: date) -> dict[str, Any]:
        terms = (kind.same["division"], day, kind.promise, kind.statutory)
        if terms not in self.reckoned:
            self.reckoned[terms] = clock_row(
                started_on=day, promise=kind.promise, statutory=kind.statutory, division=kind.same["division"]
            )
        return self.reckoned[terms]

    def _case(self, kind: Kind, who: Applicant, at: datetime, clock: dict[str, Any]) -> dict[str, Any]:
        key = (kind.task_code, at.astimezone(SHANGHAI).date())
        self.serials[key] = serial = self.serials.get(key, 0) + 1
        return {
            "id": _uuid7_at(at, self.chance),
            "project_no": compose_project_no(kind.task_code, key[1], self.first_serial + serial),
            **kind.same,
            "applicant_kind": "person",
            "applicant_id": who.id,
            "applicant_person_id": who.id,
            "applicant_name": who.name,
            "applicant_number": who.number,
            "applicant_index": who.index,
            "contact_phone": who.phone,
            "delivery_wish": self.empty,
            "channel": self.chance.choice(("online", "online", "online", "counter", "api")),
            "submitted_at": at,
            "received_at": at,
            "answer_due_on": clock["warn_on"],
            "promise_due_on": clock["promise_due_on"],
            "statutory_due_on": clock["statutory_due_on"],
            "due_certain": clock["certain"],
            "warn_on": clock["warn_on"],
            "yellow_on": clock["yellow_on"],
            "red_on": clock["red_on"],
            "urgent_on": clock["promise_due_on"],
            "holder_department_id": kind.same["department_id"],
        }

    def _open(self, kind: Kind, state: str, at: datetime, clock: dict[str, Any]) -> dict[str, Any]:
        lamp = "green"
        for name in ("warn", "yellow", "red"):
            lamp = name if today() >= clock[f"{name}_on"] else lamp
        key, title = STAGES.get(state, kind.stage[:2])
        accepted = at if state in ("accepted", "reviewing") else None
        return {
            "state": state,
            "is_open": True,
            "lamp": lamp,
            "stage_key": key,
            "stage_name": title,
            "accepted_at": accepted,
        }

    def _ended(self, result: str, at: datetime, clock: dict[str, Any]) -> dict[str, Any]:
        ended = at + timedelta(days=self.chance.randrange(1, 10))
        decided = ended if result in ("granted", "refused") else None
        return {
            "state": "closed",
            "result": result,
            "is_open": False,
            "stage_key": "end",
            "stage_name": "办结",
            "accepted_at": None if result == "not_accepted" else at,
            "decided_at": decided,
            "closed_at": ended,
        }

    def _events(self, case: dict[str, Any]) -> list[dict[str, Any]]:
        line = [("submit", case["submitted_at"])]
        if case.get("accepted_at"):
            line.append(("accept", case["accepted_at"]))
        if case.get("closed_at"):
            line.append(("close", case["closed_at"]))
        return [
            {"id": uuid7(), "case_id": case["id"], "at": at, "verb": verb, "stage_name": case["stage_name"],
             "actor_kind": "staff", "department_id": case["department_id"]}
            for verb, at in line
        ]  # fmt: skip

    def _step(self, case: dict[str, Any], kind: Kind, at: datetime, day: date) -> dict[str, Any]:
        key, name, limit = kind.stage
        due = add_working_days(day, limit, calendar_of(case["division"]))
        return {
            "id": uuid7(), "case_id": case["id"], "stage_key": key, "stage_name": name, "kind": "review",
            "department_id": case["department_id"], "post": "reviewer", "started_at": at, "due_on": due,
        }  # fmt: skip


def _uuid7_at(at: datetime, chance: random.Random) -> UUID:
    """A key of another moment, so that keys keep the order of time."""
    value = int(at.timestamp() * 1000) << 80 | chance.getrandbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


# -- writing -------------------------------------------------------------------------------------------------------------


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    """What each column holds when a row says nothing of it."""
    fields = model._meta.concrete_fields
    plain: dict[str, Any] = {
        str(f.column): None if f.null else f.get_db_prep_save(f.get_default(), connection)
        for f in fields
        if not f.primary_key
    }
    return {"id": None, **plain}


def _copy(model: type[Model], rows: list[dict[str, Any]]) -> None:
    columns = _defaults(model)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'copy "{model._meta.db_table}" ({names}) from stdin') as lines:
        for row in rows:
            lines.write_row(list((columns | row).values()))


def make_many(how_many: int, *, seed: int = 1, tell: Callable[[int], None] = lambda _: None) -> int:
    """Write so many cases; `tell` hears after each chunk how many there are."""
    maker = Maker(how_many, seed)
    rows = maker.rows()
    while chunk := list(islice(rows, CHUNK)):
        _copy(Case, [case for case, *_ in chunk])
        _copy(CaseEvent, [event for _, events, *_ in chunk for event in events])
        _copy(CaseStep, [step for *_, step, _ in chunk if step])
        _copy(Clock, [clock for *_, clock in chunk if clock])
        tell(maker.made)
    with connection.cursor() as cursor:
        for model in (Case, CaseEvent, CaseStep, Clock):
            cursor.execute(f"analyze {model._meta.db_table}")
    return maker.made
