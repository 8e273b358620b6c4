"""The demo city's offices: from the published list where it is found, the rest from `sample/city.yaml`, marked 示例."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from tongban.foundation.kernel.actors import installer
from tongban.foundation.organisations.models import Department, Division, Hall
from tongban.foundation.organisations.rules import MANAGE, best_code, invented_uscc

from .divisions import add_divisions, import_divisions
from .halls import add_hall, add_window
from .offices import add_department, add_post

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "city.yaml"
# What every office has beside the posts of the desk.
SEATS = {"事项管理岗": "item_manager", "部门负责人": "dept_head", "数据专员岗": "data_steward"}
LIST = Path("service-items") / "guangan-511602-items.csv"


def _codes_in_the_list(folder: Path) -> dict[str, list[str]]:
    """Every code the published list gives each department, by short name; empty when the list is not there."""
    codes: dict[str, list[str]] = defaultdict(list)
    if (folder / LIST).exists():
        with (folder / LIST).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                codes[row["department"].strip()].append(row["dept_code"].strip())
    return codes


def _load_departments(offices: dict[str, dict[str, Any]], codes: dict[str, list[str]]) -> None:
    actor, area = installer(MANAGE), settings.CITY_DIVISION
    taken = set(Department.objects.values_list("code", flat=True))
    known = {d.short_name: d for d in Department.objects.filter(division=area)}
    for short_name in {**offices, **codes}:
        office = dict(offices.get(short_name, {}))
        posts = office.pop("posts", {}) | {"窗口收件岗": "clerk", "审查岗": "reviewer", "审批岗": "approver"}
        if short_name not in known:
            code = best_code([c for c in codes.get(short_name, []) if c.upper() not in taken])
            code, invented = (code, False) if code else (invented_uscc(short_name, area), True)
            office = {"name": short_name, "short_name": short_name} | office
            known[short_name] = add_department(actor=actor, code=code, code_invented=invented, division=area, **office)
            taken.add(code)
        department = known[short_name]
        seats = set(department.posts.values_list("name", flat=True))
        for name, role in (posts | SEATS).items():
            if name not in seats:
                add_post(actor=actor, department_id=department.pk, name=name, role=role)


def _load_halls(halls: list[dict[str, Any]]) -> None:
    actor = installer(MANAGE)
    for given in halls:
        fields = dict(given)
        windows = fields.pop("windows", {})
        if Hall.objects.filter(name=fields["name"]).exists():
            continue
        if not Division.objects.filter(pk=fields["division"]).exists():
            continue
        hall = add_hall(actor=actor, **fields)
        for number, name in windows.items():
            add_window(actor=actor, hall_id=hall.pk, number=number, name=name)


@transaction.atomic
def load_city(folder: Path | None = None) -> dict[str, int]:
    """Load divisions, departments with posts, halls. Run again it adds what is missing. Says how many there are."""
    folder = Path(folder or settings.DATA_FOLDER)
    sample = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    if not import_divisions(folder / "divisions") and not Division.objects.exists():
        add_divisions(sample["divisions"], actor=installer(MANAGE))
    _load_departments(sample["departments"], _codes_in_the_list(folder))
    _load_halls(sample["halls"])
    return {
        "divisions": Division.objects.count(),
        "departments": Department.objects.count(),
        "halls": Hall.objects.count(),
    }
