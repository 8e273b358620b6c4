"""The demo city's data quality: two departments' lists with faults in them, rules, three weeks of checks, one ticket closed, one
explained and waiting, one overdue. By the actions of those who do it; people and numbers are invented (示例)."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.data.gathering import actions as gathering
from tongban.data.lake.queries import datasets_named
from tongban.data.quality import actions as quality
from tongban.data.quality import queries
from tongban.data.quality.models import Ticket
from tongban.foundation.identity.queries import account, actor_of, departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now, standing_at, today
from tongban.foundation.kernel.identifiers import citizen_id_check
from tongban.foundation.organisations.queries import department, department_by_name

from .catalogue import mapped
from .departments import GIVEN, PLACES, SURNAMES, Row, city

PENSION, DOCTOR, POLICE = "elderly_allowance", "family_doctor", "police_persons"
RESOURCES = {PENSION: "高龄津贴发放信息"}
# Column of the file → its name in the lake and what it is.
PENSION_COLUMNS = {
    "公民身份号码": ("id_number", "text"), "姓名": ("name", "text"), "性别代码": ("sex", "text"), "出生日期": ("born_on", "date"),
    "联系电话": ("phone", "text"), "住址区划": ("division", "text"), "每月标准（元）": ("monthly", "integer"),
    "发放状态": ("state", "text"), "停发日期": ("ended_on", "date"),
}  # fmt: skip
DOCTOR_COLUMNS = {
    "公民身份号码": ("id_number", "text"), "姓名": ("name", "text"), "签约团队": ("team", "text"), "签约日期": ("signed_on", "date"),
    "到期日期": ("until_on", "date"), "联系电话": ("phone", "text"),
}  # fmt: skip
Told = tuple[str, str, str, dict[str, Any]]  # title, severity, dimension, what is asked
PENSION_RULES: tuple[Told, ...] = (
    ("出生日期不能空", "error", "complete", {"kind": "not_null", "columns": ["born_on"]}),
    (
        "身份号码校验码要对",
        "error",
        "accurate",
        {"kind": "check_digit", "columns": ["id_number"], "digits": "id_number"},
    ),
    ("身份号码里的生日和登记的一致", "error", "consistent", {"kind": "id_birth", "columns": ["id_number", "born_on"]}),
    ("联系电话是手机号码", "warning", "norm", {"kind": "format", "columns": ["phone"], "pattern": "1[3-9][0-9]{9}"}),
    ("性别按国家标准写", "warning", "norm", {"kind": "codes", "columns": ["sex"], "code_set": "GB/T 2261.1"}),
    (
        "每月标准25元到600元",
        "note",
        "accurate",
        {"kind": "range", "columns": ["monthly"], "least": "25", "most": "600"},
    ),
    ("停发的要有停发日期", "warning", "complete", {"kind": "needs", "columns": ["state", "ended_on"], "value": "停发"}),
    ("每周都有新的名册", "warning", "timely", {"kind": "fresh", "columns": [], "hours": "192"}),
    ("人数变化不超过两成", "note", "accessible", {"kind": "swing", "columns": [], "percent": "20"}),
)
DOCTOR_RULES: tuple[Told, ...] = (
    ("签约日期不晚于到期日期", "error", "consistent", {"kind": "compare", "columns": ["signed_on", "until_on"], "operator": "<="}),
    ("签约的人在户籍人口里", "warning", "consistent", {
        "kind": "reference", "columns": ["id_number"], "dataset": POLICE, "their_column": "id_number",
    }),
    ("姓名和户籍一致", "warning", "accurate", {
        "kind": "cross_source", "columns": ["id_number", "name"], "dataset": POLICE, "their_key": "id_number", "their_column": "name",
    }),
    ("一个号码只登记一人", "note", "consistent", {"kind": "unique", "columns": ["phone"]}),
    ("姓名和团队不能空", "warning", "complete", {"kind": "not_null", "columns": ["name", "team"]}),
    ("一周内有更新", "note", "timely", {"kind": "fresh", "columns": [], "hours": "168"}),
)  # fmt: skip
EXPLAINED = "本人坚持以老户口簿上的农历生日登记，已约到派出所更正，两周内办好（示例）"


def load() -> str:
    """What is there afterwards. Safe to repeat: a list that was gathered before is left as it is."""
    civil, health, platform = _office("区民政局"), _office("区卫健局"), _platform()
    if civil is None or health is None or platform is None:
        return "没有数据专员，没有质量规则"
    if not datasets_named([PENSION]):
        _pensions(civil, platform)
    if not datasets_named([DOCTOR]) and datasets_named([POLICE]):
        _doctors(health)
    told = queries.board(actor=platform)
    return f"{len(told.checks)} 个数据集按规则查过，平均 {told.score} 分，{told.open} 张工单在办，{told.late} 张超期"


def _office(name: str) -> Actor | None:
    office = department_by_name(name)
    found = staff_who_may(office.pk, "quality.answer") if office else []
    return actor_of(account(found[0][0])) if found else None


def _platform() -> Actor | None:
    offices = sorted(departments_who_may("quality.handle"))
    found = staff_who_may(offices[0], "quality.handle") if offices else []
    return actor_of(account(found[0][0])) if found else None


def _pensions(steward: Actor, platform: Actor) -> None:
    """Four weekly readings of the list: the first with all its faults, then fewer."""
    job, at = None, now()
    for week in range(4):
        with standing_at(at - timedelta(days=7 * (3 - week))):
            _file(steward, PENSION, PENSION_COLUMNS, pensioners(week))
            job = job or _job(steward, PENSION, "高龄津贴发放名册（示例）", PENSION_COLUMNS)
            gathering.gather(run_id=gathering.start_run(actor=steward, job_id=job.pk, whole=True).pk)
            if week == 0:
                _rules(steward, job.dataset_id, PENSION_RULES)
            _checked(steward, job.dataset_id)
            if week == 1:
                _closed(steward, platform, job.dataset_id)
            elif week == 2:
                ticket = _ticket(job.dataset_id, PENSION_RULES[2][0])
                quality.explain(actor=steward, ticket_id=ticket.pk, words=EXPLAINED)


def _closed(steward: Actor, platform: Actor, dataset_id: UUID) -> None:
    ticket = _ticket(dataset_id, PENSION_RULES[0][0])
    quality.correct(actor=steward, ticket_id=ticket.pk, words="已从户籍底册补录，并重新归集")
    quality.close(actor=platform, ticket_id=ticket.pk, words="再查没有问题")


def _ticket(dataset_id: UUID, title: str) -> Ticket:
    return Ticket.objects.get(rule__dataset_id=dataset_id, finding__version__content__title=title)


def _doctors(steward: Actor) -> None:
    with standing_at(now() - timedelta(days=3)):
        _file(steward, DOCTOR, DOCTOR_COLUMNS, patients())
        job = _job(steward, DOCTOR, "家庭医生签约（示例）", DOCTOR_COLUMNS)
        gathering.gather(run_id=gathering.start_run(actor=steward, job_id=job.pk, whole=True).pk)
        _rules(steward, job.dataset_id, DOCTOR_RULES)
        _checked(steward, job.dataset_id)


def _file(steward: Actor, key: str, columns: Mapping[str, Any], rows: Sequence[Row]) -> None:
    folder = Path(settings.GATHERING_ROOT) / _department(steward).code / "quality"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{key}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _department(steward: Actor) -> Any:
    assert steward.department_id is not None
    return department(steward.department_id)


def _job(steward: Actor, key: str, title: str, columns: Mapping[str, tuple[str, str]]) -> Any:
    assert steward.department_id is not None
    source = gathering.connect_source(
        actor=steward, kind="files", title=f"{title}业务系统", place={"folder": "quality"}, secret={},
        department_id=steward.department_id,
    )  # fmt: skip
    told = [
        {"name": name, "source": said, "title": said, "kind": kind, "required": name == "id_number"}
        for said, (name, kind) in columns.items()
    ]
    resource_id, told = mapped(steward.department_id, RESOURCES.get(key, ""), told)
    return gathering.create_job(
        actor=steward, source_id=source.pk, table=f"{key}.csv", key=key, title=title, columns=told, keys=["id_number"],
        starts_at=time(2), resource_id=resource_id,
    )  # fmt: skip


def _rules(steward: Actor, dataset_id: UUID, rules: Sequence[Told]) -> None:
    for title, severity, dimension, spec in rules:
        content = {"title": title, "severity": severity, "dimension": dimension, "spec": spec}
        quality.save_rule(actor=steward, dataset_id=dataset_id, content=content, effective_on=today())


def _checked(steward: Actor, dataset_id: UUID) -> None:
    quality.run_check(check_id=quality.ask_check(actor=steward, dataset_id=dataset_id).pk)


def pensioners(week: int) -> list[Row]:
    """Sixty old people as the office's list has them in that week: what was wrong in the first is put right bit by bit."""
    chance, rows = random.Random(36344), []  # noqa: S311 — invented people
    for place in range(60):
        born = date(1930 + place % 16, 1 + place % 12, 1 + place * 7 % 28)
        sex = 1 + place % 2
        number = f"{PLACES[place % len(PLACES)][:6]}{born:%Y%m%d}{place:02d}{sex % 2 + 2 * (place % 4)}"
        row = {
            "公民身份号码": number + citizen_id_check(number), "姓名": chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
            "性别代码": str(sex), "出生日期": born.isoformat(), "联系电话": f"1990000{1000 + place}",
            "住址区划": PLACES[place % len(PLACES)], "每月标准（元）": str((50, 100, 200, 500)[place % 4]),
            "发放状态": "发放", "停发日期": "",
        }  # fmt: skip
        rows.append(row | _fault(place, week, row))
    return rows


def _fault(place: int, week: int, row: Row) -> Row:
    """What is wrong with one in a week; nothing with most."""
    last = row["公民身份号码"][-1]
    faults: dict[int, tuple[int, Callable[[], Row]]] = {  # place → until which week, what
        **{one: (1, lambda: {"出生日期": ""}) for one in (4, 17, 31, 46)},
        **{
            one: (9, lambda: {"公民身份号码": row["公民身份号码"][:-1] + ("1" if last != "1" else "2")})
            for one in (9, 38)
        },
        **{one: (9, lambda: {"出生日期": f"{row['出生日期'][:8]}29"}) for one in (22, 41, 53)},
        **{one: (2 + one % 2, lambda: {"联系电话": "826-5000"}) for one in (1, 12, 25, 33, 40, 58)},
        **{one: (1, lambda: {"性别代码": "男"}) for one in (6, 28, 50)},
        **{one: (9, lambda: {"发放状态": "停发"}) for one in (14, 35)},
        19: (3, lambda: {"每月标准（元）": "5000"}),
    }
    until, change = faults.get(place, (0, dict))
    return change() if week < until else {}


def patients() -> list[Row]:
    """A hundred and twenty who have signed with a family doctor; most of them are registered with the police as well."""
    known = city(400, 80).tables["police"]
    rows = []
    for place, person in enumerate(known[:120]):
        signed = today() - timedelta(days=30 + place * 3)
        until = signed - timedelta(days=1) if place in (11, 47, 90) else signed.replace(day=1) + timedelta(days=365)
        rows.append({
            "公民身份号码": person["公民身份号码"], "姓名": "张示例" if place % 24 == 5 else person["姓名"],
            "签约团队": "" if place == 70 else f"第{1 + place % 6}团队", "签约日期": signed.isoformat(), "到期日期": until.isoformat(),
            "联系电话": f"1990001{1000 + place - (place % 40 == 39)}",
        })  # fmt: skip
    for place in range(4):
        number = f"51160219{70 + place}0{1 + place}15{place:02d}1"
        rows.append(
            rows[place] | {"公民身份号码": number + citizen_id_check(number), "联系电话": f"1990002{1000 + place}"}
        )
    return rows
