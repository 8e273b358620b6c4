"""The six steps by which a department's licences come into the store (证照汇聚), and what one old licence must say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tongban.foundation.kernel.identifiers import citizen_id_fault, uscc_fault

from . import identifiers, states
from .metadata import COMPANY, PERSON, Holder, long_term
from .types import GIVEN, field_faults, last_day

# 确认可汇聚证照、制作电子印章、配置证照模板、汇聚历史数据、实时汇聚新增数据、联合发文.
STEPS = ("confirm", "seal", "template", "history", "live", "notice")
BEFORE = {"seal": STEPS[:1], "template": STEPS[:1], "history": STEPS[:3], "live": STEPS[:3], "notice": STEPS[:5]}
NOTE = (2, 300)
HALF = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))} | {
    0xFF0F: "/", 0xFF0D: "-", 0xFF0E: ".", 0x3000: " ", 0x2212: "-",
}  # fmt: skip
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")  # a day as a spreadsheet counts it, from 1899-12-30
SERIALS = (date(1899, 12, 30), 14_000, 73_050)  # 1938 to 2099
FOREVER_WORDS = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "9999-12-31"})
LONG_AGO = date(1949, 10, 1)
STATE_WORDS = {
    "": states.VALID, "有效": states.VALID, "正常": states.VALID, "在用": states.VALID, "01": states.VALID,
    "暂扣": states.SUSPENDED, "冻结": states.SUSPENDED, "02": states.SUSPENDED, "撤销": states.ANNULLED,
    "已撤销": states.ANNULLED, "03": states.ANNULLED, "注销": states.CANCELLED, "已注销": states.CANCELLED,
    "04": states.CANCELLED, "吊销": states.REVOKED, "已吊销": states.REVOKED, "过期": states.EXPIRED,
    "失效": states.EXPIRED, "已过期": states.EXPIRED, "05": states.EXPIRED, "遗失": states.LOST, "遗失作废": states.LOST,
}  # fmt: skip
LONGEST = {"number": 60, "holder_name": 100, "identifier": 120, "scan": 120}
NEEDED = ("number", "holder_name", "holder_number", "issued_on")


@dataclass(frozen=True)
class Finding:
    """Something about one row: `key` is the column, `stop` keeps the row out until it is put right."""

    code: str
    key: str = ""
    stop: bool = True


@dataclass
class Old:
    """One licence as an old list tells it. `identifier` is the one it had, where that can be read."""

    number: str = ""
    holder: Holder = field(default_factory=lambda: Holder(PERSON, "", ""))
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    state: str = states.VALID
    identifier: identifiers.Identifier | None = None
    identifier_text: str = ""
    scan: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


def step_faults(step: str, done: Iterable[str], *, note: str, has_seal: bool, gathered: int, live: int) -> list[str]:
    """Codes of what keeps a step from being called done."""
    before = set(BEFORE.get(step, ())) - set(done)
    faults = {
        "unknown": step not in STEPS,
        "before": bool(before),
        "no_seal": step == "seal" and not has_seal,
        "no_history": step == "history" and not gathered,
        "no_live": step == "live" and not live,
        "note": not NOTE[0] <= len(note.strip()) <= NOTE[1],
    }
    return [code for code, stands in faults.items() if stands]


def halved(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones."""
    return text.translate(HALF).strip()


def day_of(text: str) -> tuple[date | None, str]:
    """(the day, a code): `day` cannot be understood, `day_unreal` is in no calendar, `day_counted` was a bare number."""
    tidy = halved(text)
    match = DAY.fullmatch(tidy) or COMPACT.fullmatch(tidy)
    if match:
        try:
            return date(*(int(part) for part in match.groups())), ""
        except ValueError:
            return None, "day_unreal"
    if SERIAL.fullmatch(tidy):
        base, least, most = SERIALS
        days = int(float(tidy))
        if least <= days <= most:
            return base + timedelta(days=days), "day_counted"
    return None, "day"


class Reader:
    """Reads rows of one type. Nothing is mended in silence: what was understood otherwise than written is a finding."""

    def __init__(
        self,
        definitions: Sequence[Mapping[str, Any]],
        holders: Iterable[str],
        validity: Mapping[str, Any],
        today: date,
    ) -> None:
        self.definitions, self.holders, self.validity, self.today = list(definitions), set(holders), validity, today

    def read(self, cells: Mapping[str, str]) -> tuple[Old, list[Finding]]:
        """The licence of a row, as far as it can be read, and every finding."""
        old, found = Old(), _missing(cells)
        old.number = self._exact(cells, "number", found)
        old.holder = Holder(*self._holder(cells, found), cells.get("holder_name", "").strip())
        found += [Finding("long", key) for key, most in LONGEST.items() if len(cells.get(key, "")) > most]
        self._days(cells, old, found)
        old.state = self._state(cells, old, found)
        self._identifier(cells, old, found)
        old.scan = cells.get("scan", "").strip()
        self._fields(cells, old, found)
        return old, found

    def _exact(self, cells: Mapping[str, str], key: str, found: list[Finding]) -> str:
        text = cells.get(key, "").strip()
        if halved(text) != text:
            found.append(Finding("full_width", key, stop=False))
        return halved(text)

    def _holder(self, cells: Mapping[str, str], found: list[Finding]) -> tuple[str, str]:
        number = re.sub(r"[\s-]", "", self._exact(cells, "holder_number", found)).upper()
        if not number:
            return PERSON, ""
        person, company = citizen_id_fault(number, today=self.today), uscc_fault(number)
        kind = COMPANY if company is None and person is not None else PERSON
        if person is not None and company is not None:
            kind = COMPANY if re.search(r"[A-WYZ]", number[:17]) else PERSON
            found.append(Finding(_number_fault(number, kind, person, company), "holder_number"))
        elif kind not in self.holders:
            found.append(Finding("holder_kind", "holder_number"))
        return kind, number

    def _days(self, cells: Mapping[str, str], old: Old, found: list[Finding]) -> None:
        old.issued_on = self._day(cells, "issued_on", found)
        old.valid_from = self._day(cells, "valid_from", found) or old.issued_on
        if old.issued_on and old.issued_on > self.today:
            found.append(Finding("issued_later", "issued_on"))
        if old.issued_on and old.issued_on < LONG_AGO:
            found.append(Finding("long_ago", "issued_on", stop=False))
        until = cells.get("valid_until", "").strip()
        if until in FOREVER_WORDS:
            return
        old.valid_until = self._day(cells, "valid_until", found) if until else self._until_by_rule(old, found)
        if old.valid_until and long_term(old.valid_until):
            old.valid_until = None
        if old.valid_from and old.valid_until and old.valid_until < old.valid_from:
            found.append(Finding("ends_before", "valid_until"))

    def _until_by_rule(self, old: Old, found: list[Finding]) -> date | None:
        if self.validity["kind"] == GIVEN:
            found.append(Finding("missing", "valid_until"))
        until = last_day(self.validity, old.valid_from) if old.valid_from else None
        if until:
            found.append(Finding("until_by_rule", "valid_until", stop=False))
        return until

    def _day(self, cells: Mapping[str, str], key: str, found: list[Finding]) -> date | None:
        text = cells.get(key, "").strip()
        if not text:
            return None
        day, code = day_of(text)
        if code:
            found.append(Finding(code, key, stop=day is None))
        return day

    def _state(self, cells: Mapping[str, str], old: Old, found: list[Finding]) -> str:
        word = cells.get("state", "").strip()
        if word not in STATE_WORDS:
            found.append(Finding("state", "state"))
        state = STATE_WORDS.get(word, states.VALID)
        if state == states.VALID and old.valid_until and old.valid_until < self.today:
            found.append(Finding("ended", "valid_until", stop=False))
            return states.EXPIRED
        return state

    def _identifier(self, cells: Mapping[str, str], old: Old, found: list[Finding]) -> None:
        text = self._exact(cells, "identifier", found)
        if not text:
            return
        old.identifier, old.identifier_text = identifiers.read(text), "".join(text.split()).upper()
        if old.identifier is None:
            found.append(Finding("identifier_shape", "identifier", stop=False))
        elif old.identifier.faults:
            found.append(Finding("identifier_check", "identifier", stop=False))

    def _fields(self, cells: Mapping[str, str], old: Old, found: list[Finding]) -> None:
        for definition in self.definitions:
            text = cells.get(definition["key"], "").strip()
            if text:
                old.fields[definition["key"]] = _value(definition, text)
        for key, code in field_faults(self.definitions, old.fields):
            # What an old licence does not say cannot be asked of it now; what it says wrongly can be looked up.
            found.append(Finding("field_missing" if code == "missing" else code, key, stop=code != "missing"))


def _missing(cells: Mapping[str, str]) -> list[Finding]:
    return [Finding("missing", key) for key in NEEDED if not cells.get(key, "").strip()]


def _number_fault(number: str, kind: str, person: str, company: str) -> str:
    if kind == PERSON and re.fullmatch(r"\d{15}", number):
        return "number_old"
    return f"number_{company if kind == COMPANY else person}"


def _value(definition: Mapping[str, Any], text: str) -> str:
    """A value as the type keeps it: a code by its word, a day in one way of writing."""
    codes = definition.get("codes") or {}
    if codes and text not in codes:
        return next((code for code, word in codes.items() if word == text), text)
    if definition.get("type") == "date":
        day, _code = day_of(text)
        return day.isoformat() if day else text
    return halved(text) if definition.get("type") == "number" else text
