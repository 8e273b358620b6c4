"""What is wrong with a rule set as it stands: every cell, every name, every article, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .cells import BOOLEAN, DATE, NUMBER, TEXT, BadCell, read
from .deciding import GRANT, LISTS, OUTCOMES, PERSON, REFUSE
from .tables import HIT_POLICIES

SOURCES = (
    "answers", "situation", "applicant", "population", "legal_persons", "licences", "credit", "earlier", "quota",
)  # fmt: skip
REGISTERS = frozenset({"population", "legal_persons", "licences", "credit"})
MAY_BE_LEFT_OPEN = frozenset({"answers", "situation"})
KINDS = (TEXT, NUMBER, DATE, BOOLEAN, LISTS)
MOST = {"inputs": 60, "derived": 40, "checks": 60, "tables": 10, "columns": 12, "rows": 300, "tests": 200}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = frozenset({"today", "and", "or", "not", "in", "true", "false", "null"})


@dataclass(frozen=True)
class Fault:
    """`path` as a JSON pointer, `code` of `errors.FAULTS`, `word` what it is about."""

    path: str
    code: str
    word: str = ""


def items_at(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of a list as far as they are rows."""
    found = value.get(name)
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


def kinds_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Every name a column may ask for, with its type."""
    named = {str(one.get("key", "")): str(one.get("type") or TEXT) for one in items_at(content, "inputs")}
    named |= {str(one.get("key", "")): str(one.get("type") or NUMBER) for one in items_at(content, "derived")}
    return {"today": DATE, **named}


def faults_of_shape(content: Mapping[str, Any]) -> list[Fault]:
    """Everything wrong that the text alone shows; what its expressions may ask for is looked at elsewhere."""
    found = [*_whole(content), *_inputs(content), *_derived(content), *_checks(content), *_refusal(content)]
    found += _keys(items_at(content, "tables"), "/tables", set())
    for at, table in enumerate(items_at(content, "tables")):
        found += _table(table, f"/tables/{at}", kinds_of(content))
    return found


def _whole(content: Mapping[str, Any]) -> Iterator[Fault]:
    if not str(content.get("title") or "").strip():
        yield Fault("/title", "title_missing")
    if not items_at(content, "inputs"):
        yield Fault("/inputs", "inputs_missing")
    if not items_at(content, "checks") and not items_at(content, "tables"):
        yield Fault("/checks", "rules_missing")
    share = content.get("sample_share")
    if isinstance(share, bool) or not isinstance(share, int) or not 1 <= share <= 100:
        yield Fault("/sample_share", "share")
    for name in ("inputs", "derived", "checks", "tables", "tests"):
        if len(items_at(content, name)) > MOST[name]:
            yield Fault(f"/{name}", "too_many", str(MOST[name]))
    if not items_at(content, "tests"):
        yield Fault("/tests", "tests_missing")


def _keys(rows: list[dict[str, Any]], path: str, taken: set[str]) -> Iterator[Fault]:
    for at, row in enumerate(rows):
        key = row.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key) or key in _RESERVED:
            yield Fault(f"{path}/{at}/key", "key", str(key or ""))
        elif key in taken:
            yield Fault(f"{path}/{at}/key", "key_twice", key)
        else:
            taken.add(key)


def _inputs(content: Mapping[str, Any]) -> Iterator[Fault]:
    rows, taken = items_at(content, "inputs"), set[str]()
    yield from _keys(rows, "/inputs", taken)
    yield from _keys(items_at(content, "derived"), "/derived", taken)
    for at, row in enumerate(rows):
        label = str(row.get("label") or "")
        wrong = {
            ("label", "label_missing", ""): not label,
            ("source", "source", str(row.get("source") or "")): str(row.get("source")) not in SOURCES,
            ("take", "take_missing", label): not row.get("take"),
            ("type", "type", str(row.get("type"))): row.get("type", TEXT) not in KINDS,
            ("of", "of_unknown", str(row.get("of"))): bool(row.get("of"))
            and str(row["of"]) not in {"applicant_number", *taken},
            ("otherwise", "register_must_answer", label): row.get("otherwise") is not None
            and str(row.get("source")) not in MAY_BE_LEFT_OPEN,
            ("fresh_days", "fresh_days", label): not _days(row.get("fresh_days")),
        }
        yield from (Fault(f"/inputs/{at}/{name}", code, word) for (name, code, word), stands in wrong.items() if stands)


def _days(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 36_500)


def _derived(content: Mapping[str, Any]) -> Iterator[Fault]:
    for at, row in enumerate(items_at(content, "derived")):
        if not row.get("label"):
            yield Fault(f"/derived/{at}/label", "label_missing")
        if row.get("type", NUMBER) not in KINDS:
            yield Fault(f"/derived/{at}/type", "type", str(row.get("type")))


def _checks(content: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _keys(items_at(content, "checks"), "/checks", set())
    for at, row in enumerate(items_at(content, "checks")):
        if not row.get("label"):
            yield Fault(f"/checks/{at}/label", "label_missing")
        yield from _said(row, f"/checks/{at}")
        if row.get("otherwise", PERSON) not in (PERSON, REFUSE):
            yield Fault(f"/checks/{at}/otherwise", "outcome")


def _said(row: Mapping[str, Any], path: str) -> Iterator[Fault]:
    """Each row carries its legal article and a sentence for the citizen."""
    for name in ("article", "sentence"):
        if not str(row.get(name) or "").strip():
            yield Fault(f"{path}/{name}", f"{name}_missing")


def _refusal(content: Mapping[str, Any]) -> Iterator[Fault]:
    refusing = [row for table in items_at(content, "tables") for row in items_at(table, "rows")]
    refuses = any(row.get("outcome") == REFUSE for row in refusing)
    refuses = refuses or any(row.get("otherwise") == REFUSE for row in items_at(content, "checks"))
    told = content.get("refusal") or {}
    if refuses and not (isinstance(told, dict) and told.get("law") and told.get("appeal")):
        yield Fault("/refusal", "refusal_basis")


def _table(table: Mapping[str, Any], path: str, kinds: Mapping[str, str]) -> Iterator[Fault]:
    if table.get("hit") not in HIT_POLICIES:
        yield Fault(f"{path}/hit", "hit", str(table.get("hit") or ""))
    columns, rows = items_at(table, "columns"), items_at(table, "rows")
    for name, several in (("columns", columns), ("rows", rows)):
        if not several:
            yield Fault(f"{path}/{name}", f"{name}_missing")
        if len(several) > MOST[name]:
            yield Fault(f"{path}/{name}", "too_many", str(MOST[name]))
        yield from _keys(several, f"{path}/{name}", set())
    yield from _columns(columns, path, kinds)
    for at, row in enumerate(rows):
        yield from _row(row, columns, f"{path}/rows/{at}", kinds)


def _columns(columns: list[dict[str, Any]], path: str, kinds: Mapping[str, str]) -> Iterator[Fault]:
    for at, column in enumerate(columns):
        asked = str(column.get("input") or "")
        if asked not in kinds:
            yield Fault(f"{path}/columns/{at}/input", "input_unknown", asked)
        elif kinds[asked] == LISTS:
            yield Fault(f"{path}/columns/{at}/input", "input_list", asked)


def _row(row: Mapping[str, Any], columns: list[dict[str, Any]], path: str, kinds: Mapping[str, str]) -> Iterator[Fault]:
    if row.get("outcome") not in OUTCOMES:
        yield Fault(f"{path}/outcome", "outcome")
    yield from _said(row, path)
    cells = row.get("cells") if isinstance(row.get("cells"), dict) else {}
    for column in columns:
        kind = kinds.get(str(column.get("input", "")), "")
        text = (cells or {}).get(str(column.get("key", "")), "")
        if kind in (TEXT, NUMBER, DATE, BOOLEAN):
            try:
                read(text, kind)
            except (BadCell, TypeError):
                yield Fault(f"{path}/cells/{column.get('key', '')}", f"cell_{kind}", str(text)[:40])


def grants_something(content: Mapping[str, Any]) -> bool:
    """Whether any row can grant."""
    rows = [row for table in items_at(content, "tables") for row in items_at(table, "rows")]
    return any(row.get("outcome") == GRANT for row in rows) or not rows
