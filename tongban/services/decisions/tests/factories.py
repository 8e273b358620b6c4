"""Rule sets and registers for tests, valid by default."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.data.registries.actions import load_credit, load_sample
from tongban.foundation.identity.tests.factories import id_number
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.identifiers import citizen_id_birth, citizen_id_sex
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.organisations.models import Department
from tongban.services.decisions.actions import Verdict, consider
from tongban.services.decisions.models import Decided, HumanCheck, RuleSet
from tongban.services.items.actions.changed import touch

ARTICLE = "老年人权益保障法第五十三条"
RULES: dict[str, Any] = {
    "title": "老年人优待证智能审批规则",
    "sample_share": 10,
    "inputs": [
        {"key": "number", "label": "老人身份证号", "source": "answers", "take": "id_number", "type": "text"},
        {"key": "name", "label": "老人姓名", "source": "answers", "take": "name", "type": "text"},
        {"key": "household", "label": "户口所在地", "source": "situation", "take": "household", "type": "text"},
        {"key": "known_name", "label": "登记的姓名", "source": "population", "of": "number", "take": "name",
         "type": "text", "fresh_days": 2000},
        {"key": "birth_on", "label": "出生日期", "source": "population", "of": "number", "take": "birth_on",
         "type": "date"},
        {"key": "dishonest", "label": "失信记录", "source": "credit", "of": "number", "take": "dishonest",
         "type": "boolean"},
    ],
    "derived": [
        {"key": "age", "label": "周岁", "type": "number", "expr": "d(today).diff(d(birth_on), 'year')"}
    ],
    "checks": [
        {"key": "same_name", "label": "姓名与人口库一致", "expr": "known_name == name", "otherwise": "person",
         "article": ARTICLE, "sentence": "填写的姓名与登记的不一致，由工作人员核对。"}
    ],
    "tables": [
        {
            "key": "age_table", "title": "年龄与户籍", "hit": "first",
            "columns": [{"key": "c1", "input": "age"}, {"key": "c2", "input": "household"}],
            "rows": [
                {"key": "r1", "cells": {"c1": ">= 60", "c2": "local"}, "outcome": "grant", "article": ARTICLE,
                 "sentence": "您已年满60周岁，户籍在广安区，符合办理条件。"},
                {"key": "r2", "cells": {"c1": ">= 60", "c2": "-"}, "outcome": "person", "article": ARTICLE,
                 "sentence": "外地户籍的居住情况由工作人员核对。"},
                {"key": "r3", "cells": {"c1": "< 60", "c2": "-"}, "outcome": "refuse", "article": ARTICLE,
                 "sentence": "登记的出生日期显示还没有满60周岁。"},
            ],
        }
    ],
    "refusal": {"law": ARTICLE, "appeal": "如有异议，可以要求由工作人员重新审查。"},
    "tests": [
        {"name": "本地老人", "expect": "grant",
         "values": {"number": "1", "name": "李", "household": "local", "known_name": "李", "birth_on": "1950-01-01",
                    "dishonest": False}}
    ],
}  # fmt: skip
ITEM: dict[str, Any] = {"code": "elderly-card"}
REFUSING = ITEM | {"automatic_refusal": {"law": "老年人权益保障法", "clause": "第五十三条"}}


def rules(**changes: Any) -> dict[str, Any]:
    return deepcopy(RULES) | changes


def make_rules(
    department: Department, content: dict[str, Any] | None = None, *, item_code: str = "elderly-card", **fields: Any
) -> RuleSet:
    """A published rule set, in force from the beginning of the year."""
    content = content or rules()
    given = {"version": 1, "status": "published", "effective_on": date(2026, 1, 1), "published_at": now()} | fields
    made = RuleSet.objects.create(
        item_code=item_code, department=department, content=content, digest=sm3(canonical(content)), **given
    )
    touch()
    return made


def register(name: str = "陈桂芳", *, number: str = "", birth: str = "19500307", **changes: Any) -> str:
    """Somebody in the population register; his number. `changes` are elements that the register has wrong."""
    number = number or id_number(birth=birth)
    person = {
        "name": name, "id_number": number, "sex": citizen_id_sex(number), "birth_on": citizen_id_birth(number),
        "nation": "01", "phone": "13800000000", "division": "511602001001", "detail": "1号",
    } | changes  # fmt: skip
    load_sample(persons=[person], companies=[])
    if changes.get("id_number", number) != number:
        raise AssertionError("the register finds people by their number")
    return number


def deliver_credit(**marks: list[dict[str, Any]]) -> None:
    load_credit(marks={number.lstrip("n"): found for number, found in marks.items()}, as_of=today())


def application(number: str, name: str = "陈桂芳", **changes: Any) -> dict[str, Any]:
    return {
        "answers": {"id_number": number, "name": name},
        "situation": {"household": "local"},
        "applicant": {"kind": "person", "number": number, "name": name, "id": None},
        "on": today(),
    } | changes


def considered(number: str, item: dict[str, Any] = ITEM, **changes: Any) -> Verdict:
    found = consider("elderly-card", item, application(number, **changes), earlier=[])
    assert found is not None
    return found


def written(verdict: Verdict, case_id: UUID | None = None) -> Decided:
    """What was considered, written down as the statement of intake does it."""
    with connection.cursor() as cursor:
        body = canonical(verdict.row).decode()
        cursor.execute("select decisions_record(%s::jsonb, %s)", [body, case_id or uuid7()])
        return Decided.objects.get(pk=cursor.fetchone()[0])


def make_check(item: Any, *, case_id: UUID | None = None, applicant_id: UUID | None = None) -> HumanCheck:
    """A decision of an item's rules that was drawn and waits for a person."""
    deliver_credit()
    make_rules(item.department, item_code=item.code)
    number = register()
    verdict = consider(item.code, ITEM, application(number), earlier=[])
    assert verdict is not None
    row = verdict.row | {"snapshot": verdict.snapshot, "applicant_id": applicant_id, "case_id": case_id or uuid7()}
    return HumanCheck.objects.create(decided=Decided.objects.create(**row), cause="drawn", begun_at=now())
