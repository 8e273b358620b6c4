"""Sharing scenes (共享应用场景) and their four steps: who may use which fields of whose licences, for what, by which law, until when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

# 确定共享场景、获取共享数据、确认共享数据应用流程、关联或打通数据接口实现共享材料应用.
STEPS = ("define", "data", "process", "connect")
ASKED, AGREED, SETTLED, OPEN, REFUSED, STOPPED = "asked", "agreed", "settled", "open", "refused", "stopped"
# deed → (from which state, to which state)
DEEDS: dict[str, tuple[frozenset[str], str]] = {
    "agree": (frozenset({ASKED}), AGREED),
    "refuse": (frozenset({ASKED}), REFUSED),
    "settle": (frozenset({AGREED}), SETTLED),
    "open": (frozenset({SETTLED}), OPEN),
    "stop": (frozenset({ASKED, AGREED, SETTLED, OPEN}), STOPPED),
}
STEP_OF = {"agree": "data", "refuse": "data", "settle": "process", "open": "connect", "stop": "stop"}
ARTICLE = re.compile(r"第[零一二三四五六七八九十百千\d]+条")
NAME, PURPOSE, NOTE, PROCESS = (2, 100), (2, 200), (2, 300), (6, 500)
LONGEST = timedelta(days=3 * 366)  # then it is asked for anew


def asked_faults(
    *,
    name: str,
    purpose: str,
    ground: str,
    fields: Iterable[str],
    known: Iterable[str],
    until_on: date | None,
    issues: bool,
    own: bool,
    today: date,
) -> list[tuple[str, str]]:
    """(field, code) of what keeps a scene from being asked for. `issues`: the department gives this type; `own`: it is one's own."""
    asked = set(fields)
    faults = {
        ("name", "name"): not NAME[0] <= len(name) <= NAME[1],
        ("purpose", "purpose"): not PURPOSE[0] <= len(purpose) <= PURPOSE[1],
        ("ground", "ground"): bool(ground) and (ARTICLE.search(ground) is None or len(ground) > 300),
        ("fields", "fields"): not asked or bool(asked - set(known)),
        ("until_on", "until_missing"): until_on is None,
        ("until_on", "until_past"): until_on is not None and until_on < today,
        ("until_on", "until_far"): until_on is not None and until_on - today > LONGEST,
        ("issuer", "issuer"): not issues,
        ("issuer", "own"): issues and own,
    }
    return [fault for fault, stands in faults.items() if stands]


def note_faults(deed: str, note: str) -> list[tuple[str, str]]:
    least, most = PROCESS if deed == "settle" else NOTE
    return [] if least <= len(note.strip()) <= most else [("note", "process" if deed == "settle" else "note")]


def may_do(deed: str, state: str) -> bool:
    return state in DEEDS[deed][0]
