"""The rules by which demo items decide by themselves, and what stands against whom in the demo credit register."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tongban.data.registries.actions import load_credit
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import today
from tongban.services.decisions.actions import load_rules

from .identities import identities

FOLDER = Path(__file__).parent / "definitions" / "rules"
CREDIT_IS_DELIVERED = timedelta(days=3)  # so long ago, as seen from the day the city is loaded


@cache
def rule_files() -> dict[str, dict[str, Any]]:
    """Item code → the rule set's file."""
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def content_of(file: dict[str, Any]) -> dict[str, Any]:
    """The rule set itself, without what says whose and since when it is."""
    return {name: value for name, value in file.items() if name not in ("item", "effective_on")}


def load() -> int:
    """Publish every rule set. Safe to repeat."""
    actor = installer("items.manage")
    for code, file in rule_files().items():
        day = file["effective_on"]
        day = day if isinstance(day, date) else date.fromisoformat(day)
        load_rules(actor=actor, item_code=code, content=content_of(file), effective_on=day)
    return len(rule_files())


def standing_credit() -> list[dict[str, Any]]:
    """What stands against two firms and two people of the shared identities; everybody else has nothing against him there."""
    known = identities()
    who = (
        ("companies", "restaurant", "abnormal", "未按时公示年度报告（示例）"),
        ("companies", "hotel", "seriously_illegal", "示例"),
        ("persons", "wujun", "dishonest", "未履行生效判决（示例）"),
        ("persons", "zhangwei", "dishonest", "未履行生效判决（示例）"),
    )
    return [
        {"no": f"XY51160220250{place}", "kind": kind, "matter": why, "since": "2025-03-01",
         "subject_name": known[group][key]["name"],
         "subject_number": known[group][key]["uscc" if group == "companies" else "id_number"]}
        for place, (group, key, kind, why) in enumerate(who, 1)
    ]  # fmt: skip


def deliver_credit() -> int:
    """By hand, before there is a lake to build the register from."""
    marks = {one["subject_number"]: [one] for one in standing_credit()}
    return load_credit(marks=marks, as_of=today() - CREDIT_IS_DELIVERED)
