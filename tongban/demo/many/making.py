"""How the making goes: what it stands on first, then cases in parts, side by side, then indexes and figures. Each part is done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.db import connection, transaction

from tongban.foundation.audit.actions import prepared_fact
from tongban.foundation.clocks.queries import clock_row
from tongban.foundation.identity.models import Person
from tongban.foundation.identity.queries import staff_of
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.notifications.models import Message, MessageTemplate
from tongban.office.supervision.actions import count_days
from tongban.services.cases.actions import count_open
from tongban.services.cases.models import Case
from tongban.services.evaluation.actions import count_days as count_ratings
from tongban.services.items.queries import published

from .people import People, closed, copy
from .statements import BEGUN, CASES, CLEAR, SECONDARY, TABLES

SAMPLES = Path(__file__).parents[1] / "definitions" / "samples"
LONGEST_DAYS = 3 * 365  # how far back they reach, and fewer when there are few
DOMINANT, BUSY = 0.6, 0.01  # of all: to the department that handles most; of the one who applies most
KEPT, TOLD, FACTS = 90, 30, 30  # days of steps and clocks, messages, facts
FEW = 200_000  # up to here it is not worth taking indexes away
PART = 50_000
PEOPLE = 10_000
SIDE_BY_SIDE = 2
ANSWERS = 6  # of a sample; whole forms of ten million cases would fill a disk
LARGE = ("cases_case", "cases_caseevent", "cases_casestep", "clocks_clock", "evaluation_rating", "notifications_message",
         "payments_bill", "audit_fact", "identity_person")  # fmt: skip
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    seed: int
    how_many: int
    persons: int
    companies: int
    first_serial: int
    began: datetime
    until: datetime
    days: int
    persons_before: int
    cases_before: int


def make_many(how_many: int, *, seed: int = 1, tell: Tell = lambda _: None) -> int:
    """Write so many cases and the people behind them. What an earlier run left unfinished is finished first, and is all then."""
    plan = _plan() or _begin(how_many, seed)
    small = plan.how_many <= FEW
    parts = _waiting("people", plan.persons, PEOPLE)
    tell(f"people: {plan.persons:,}, companies: {plan.companies:,}")
    for first, last in parts:
        with transaction.atomic():
            _write_people(plan, first, last)
    _busiest(plan)
    if not small:
        _take_indexes_away()
    _write_cases(plan, small, tell)
    tell("facts")
    _write_facts(plan)
    _put_indexes_back(tell)
    _count(plan, tell)
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
    return plan.how_many


# -- what it stands on -----------------------------------------------------------------------------------------------------


def _plan() -> Plan | None:
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('many_plan')")
        if cursor.fetchone() == (None,):
            return None
        cursor.execute("select * from many_plan")
        row = cursor.fetchone()
    return Plan(*row) if row else None


@transaction.atomic
def _begin(how_many: int, seed: int) -> Plan:
    before = Case.objects.count()
    plan = Plan(
        seed, how_many, max(10, how_many // 10), max(10, how_many // 100), 5000 + before, now(), now(),
        min(LONGEST_DAYS, max(30, how_many // 20)), Person.objects.count(), before,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
        cursor.execute(TABLES)
    copy("many_plan", tuple(Plan.__dataclass_fields__), iter([tuple(vars(plan).values())]))
    _write_kinds(plan)
    return plan


def _write_kinds(plan: Plan) -> None:
    """The demo city's items, with the days of their limits; those of the department that has most of them are drawn most."""
    samples = [yaml.safe_load(path.read_text()) for path in sorted(SAMPLES.glob("*.yaml"))]
    kinds = [(sample, published(sample["code"])) for sample in samples]
    offices = [version.item.department_id for _, version in kinds]
    most = max(offices, key=offices.count)
    limits: dict[Any, int] = {}
    rows: list[tuple[Any, ...]] = []
    for sample, version in kinds:
        content, item = version.content, version.item
        promise, statutory = content["promise"], content.get("statutory") or {}
        terms = (str(item.division_id), (promise["days"], promise["unit"]),
                 (statutory["days"], statutory["unit"]) if statutory.get("days") else None)  # fmt: skip
        stage = content["flow"]["stages"][0]
        dominant = item.department_id == most
        said = dict(list(sample["answers"].items())[:ANSWERS])
        rows.append(
            (dominant, sum(row[0] == dominant for row in rows), sample["applicant"]["kind"], version.pk, sample["code"], item.task_code,
             content["task_name"], content.get("project_type", "2"), item.department_id, item.division_id,
             closed(Case, "answers", said), closed(Case, "situation", sample["situation"]),
             limits.setdefault(terms, len(limits)), stage["key"], stage["name"], stage["limit_days"])
        )  # fmt: skip
    copy("many_kind", ("dominant", "no", "applicant", "item_version_id", "item_code", "task_code", "task_name", "project_type",
                       "department_id", "division", "answers", "situation", "terms", "stage_key", "stage_name", "stage_days"),
         iter(rows))  # fmt: skip
    _write_days(plan, limits)
    _write_officers(plan, set(offices))


def _write_days(plan: Plan, limits: dict[Any, int]) -> None:
    columns = ("promise_days", "promise_unit", "statutory_days", "statutory_unit", "promise_due_on", "statutory_due_on", "certain",
               "warn_on", "yellow_on", "red_on", "calendar_stamp")  # fmt: skip
    last = plan.until.astimezone(SHANGHAI).date()

    def rows() -> Iterator[tuple[Any, ...]]:
        for (division, promise, statutory), number in limits.items():
            for ago in range(plan.days + 2):
                day = last - timedelta(days=ago)
                row = clock_row(started_on=day, promise=promise, statutory=statutory, division=division)
                yield (number, day, *(row[name] for name in columns))

    copy("many_day", ("terms", "day", *columns), iter(list(rows())))  # no query while rows are copied


def _write_officers(plan: Plan, offices: set[Any]) -> None:
    """As many as such a city employs, some fifty open cases each; the demo's own are the first of them."""
    rows = []
    for office in sorted(offices):
        real = [account for account, _ in staff_of(office)]
        rows += [
            (office, no, account)
            for no, account in enumerate([*real, *(uuid7() for _ in range(plan.how_many // 20_000))])
        ]
    copy("many_officer", ("department_id", "no", "id"), iter(rows))


def _write_people(plan: Plan, first: int, last: int) -> None:
    people = People(plan.seed, plan.persons_before)
    people.write_persons(first, last)
    share = plan.companies / plan.persons
    people.write_companies(round(first * share), round(last * share), plan.persons)
    _note("people", first)


def _busiest(plan: Plan) -> None:
    """The first one is a demo citizen, who can sign in and look at his cases."""
    known = Person.objects.filter(account__username="lihua").first()
    with connection.cursor() as cursor:
        if known:
            cursor.execute(
                "update many_applicant set id = %s, person_id = %s, name = %s, number = %s, index = %s where kind = 'person' and no = 0",
                [known.pk, known.pk, known.name, closed(Person, "id_number", known.id_number), known.id_index],
            )
        cursor.execute("create index if not exists many_applicant_no on many_applicant (kind, no)")
        cursor.execute("analyze many_applicant, many_day, many_kind, many_officer")


# -- parts -----------------------------------------------------------------------------------------------------------------


def _waiting(what: str, total: int, size: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("select first from many_done where what = %s", [what])
        done = {row[0] for row in cursor.fetchall()}
    return [(first, last) for first, last in pairwise([*range(0, total, size), total]) if first not in done]


def _note(what: str, first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into many_done values (%s, %s)", [what, first])


def _write_cases(plan: Plan, small: bool, tell: Tell) -> None:
    waiting = _waiting("cases", plan.how_many, PART)
    template = MessageTemplate.objects.filter(code="cases.submitted").order_by("-version").first()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) filter (where dominant), count(*) filter (where not dominant) from many_kind")
        most, others = cursor.fetchone()
    given = {
        "most": most,
        "others": others,
        "dominant": DOMINANT if others else 1.0,
        "busy": BUSY,
        "kept": KEPT,
        "told": TOLD if template else -1,
        "empty": closed(Case, "delivery_wish", {}),
        "template": template and template.pk,
        "body": closed(Message, "body", "您的申请已提交。"),
    }

    def write(part: tuple[int, int]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if not small:  # rows right by their making need no check of each reference
                cursor.execute("set local session_replication_role = replica")
                cursor.execute("set local synchronous_commit = off")
            cursor.execute("set local work_mem = '128MB'")
            cursor.execute(CASES, {**given, "first": part[0], "last": part[1]})
            _note("cases", part[0])
        tell(f"{part[1]:,} / {plan.how_many:,}")

    if small:
        for part in waiting:
            write(part)
        return
    with ThreadPoolExecutor(SIDE_BY_SIDE, initializer=connection.ensure_connection) as hands:
        list(hands.map(write, waiting))


def _write_facts(plan: Plan) -> None:
    """That they were submitted: the first fact of each of the latest cases."""
    since = plan.until - timedelta(days=FACTS)
    columns = ("id", "name", "at", "actor_kind", "actor_id", "person_id", "department_id", "stream", "position", "data", "previous",
               "digest")  # fmt: skip
    edges = [since + (plan.until - since) * n / 50 for n in range(51)]
    done = {first for first, _ in [(n, 0) for n in range(50)]} - {first for first, _ in _waiting("facts", 50, 1)}
    for n, (first, last) in enumerate(pairwise(edges)):
        if n in done:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BEGUN, [since, _key_from(first), _key_from(last)])
            facts = [
                prepared_fact("cases.submitted", actor=Actor(kind="person", person_id=person), subject=f"case:{pk}",
                              person_id=person, at=at)
                for pk, at, person in cursor.fetchall()
            ]  # fmt: skip
            copy("audit_fact", columns, ((*(_plain(fact[name]) for name in columns),) for fact in facts))
            _note("facts", n)


def _plain(value: Any) -> Any:
    return "{}" if value == {} else value


def _key_from(at: datetime) -> str:
    stem = f"{int(at.timestamp() * 1000):012x}"
    return f"{stem[:8]}-{stem[8:]}-0000-0000-000000000000"


# -- indexes and figures -----------------------------------------------------------------------------------------------------


def _take_indexes_away() -> None:
    """Only while the many rows come: each is written down and made again word for word, also by a later run."""
    with connection.cursor() as cursor:
        cursor.execute(SECONDARY, [list(LARGE)])
        for name, definition in cursor.fetchall():
            with transaction.atomic():
                cursor.execute("insert into many_index values (%s, %s)", [name, definition])
                cursor.execute(f'drop index "{name}"')


def _put_indexes_back(tell: Tell) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select name, definition from many_index order by name")
        away = cursor.fetchall()

    def put(index: tuple[str, str]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local maintenance_work_mem = '512MB'")
            cursor.execute(index[1])
            cursor.execute("delete from many_index where name = %s", [index[0]])
        tell(index[0])

    if away:
        with ThreadPoolExecutor(SIDE_BY_SIDE, initializer=connection.ensure_connection) as hands:
            list(hands.map(put, away))


def _count(plan: Plan, tell: Tell) -> None:
    tell("figures")
    with connection.cursor() as cursor:
        for table in LARGE:
            cursor.execute(f"analyze {table}")
    last = plan.until.astimezone(SHANGHAI).date()
    count_days(last - timedelta(days=plan.days), last)
    count_ratings(last - timedelta(days=ago) for ago in range(plan.days + 1))
    count_open()
