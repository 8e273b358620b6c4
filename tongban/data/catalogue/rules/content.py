"""What is wrong with a text of the catalogue, all of it at once (国发〔2016〕51号; 政务数据共享条例; 编制指南)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tongban.foundation.kernel.typed import day_typed

from .codes import DETAIL, ENTRY
from .fields import FIELDS, MOST_ITEMS, Field
from .grading import GENERAL

Tables = Mapping[str, Mapping[str, Any]]
Content = Mapping[str, Any]
FREE, CONDITIONAL, REFUSED = "1", "2", "3"  # share_type
ENGLISH = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
LENGTH = re.compile(r"[1-9]\d{0,5}(?:[,，]\d{1,2})?")
# A law by name and article, or a decision by its number: 《…》第…条, 国发〔2016〕51号.
CLAUSE = re.compile(r"《[^》]{2,}》.*第[\d一二三四五六七八九十百千]+条|[〔\[（(]\d{4}[〕\]）)]\d+号")
NEEDS_LENGTH = frozenset("CNYBF")
KEYED = frozenset({"API", "TABLE"})
PUBLIC_GRADE, HIGHEST_GRADE = "1", "4"


@dataclass(frozen=True)
class Fault:
    """`path` is a field, or `items.<key>.<field>`; `words` fill the sentence."""

    code: str
    path: str
    words: tuple[tuple[str, str], ...] = ()


def fault(code: str, path: str, **words: Any) -> Fault:
    return Fault(code, path, tuple((name, str(value)) for name, value in words.items()))


def faults_of_system(content: Content, tables: Tables) -> list[Fault]:
    return [*_of_fields("system", content, tables)]


def faults_of_resource(content: Content, tables: Tables, *, today: date) -> list[Fault]:
    limits = tables.get("limit", {})
    return [
        *_of_fields("resource", content, tables),
        *_of_code(content),
        *_of_sharing(content, today=today, days=int(limits.get("ground_review", 365))),
        *_of_opening(content),
        *_of_grades(content),
        *_of_use(content),
        *_of_items(content.get("items", []), content, tables),
    ]


def _of_fields(kind: str, content: Content, tables: Tables, path: str = "") -> Iterator[Fault]:
    for field in FIELDS[kind]:
        value = content.get(field.name) or field.empty
        values = value if isinstance(value, list) else [value] if value else []
        place = f"{path}{field.name}"
        if field.required and not values:
            yield fault("missing", place)
        yield from _of_values(field, values, tables, place)


def _of_values(field: Field, values: Sequence[str], tables: Tables, place: str) -> Iterator[Fault]:
    for value in values:
        if field.table and value not in tables.get(field.table, {}):
            yield fault("not_in_table", place, value=value[:40])
        elif field.kind == "day" and day_typed(value) is None:
            yield fault("not_a_day", place, value=value[:20])
        elif not field.table and len(value) > field.longest:
            yield fault("too_long", place, longest=field.longest)


def _of_code(content: Content) -> Iterator[Fault]:
    if content.get("entry") and not ENTRY.fullmatch(content["entry"]):
        yield fault("entry_shape", "entry")
    if not DETAIL.fullmatch(content.get("detail", "")):
        yield fault("detail_shape", "detail")


def _of_sharing(content: Content, *, today: date, days: int) -> Iterator[Fault]:
    kind = content.get("share_type")
    if kind == CONDITIONAL and not content.get("share_condition"):
        yield fault("condition_missing", "share_condition")
    if kind == FREE and content.get("share_condition"):
        yield fault("condition_needless", "share_condition")
    if kind in (FREE, CONDITIONAL) and not content.get("share_modes"):
        yield fault("modes_missing", "share_modes")
    if kind == REFUSED:
        yield from _of_ground(content, today=today, days=days)


def _of_ground(content: Content, *, today: date, days: int) -> Iterator[Fault]:
    """不予共享 rests on a law, a regulation or a decision of the State Council, looked at again within a year."""
    if not content.get("share_ground_kind"):
        yield fault("ground_kind_missing", "share_ground_kind")
    if not CLAUSE.search(content.get("share_ground", "")):
        yield fault("ground_clause", "share_ground")
    day = day_typed(content.get("share_review_on", ""))
    if day is None:
        yield fault("review_missing", "share_review_on")
    elif not today < day <= today + timedelta(days=days):
        yield fault("review_day", "share_review_on", days=days)


def _of_opening(content: Content) -> Iterator[Fault]:
    kind = content.get("open_type")
    if kind == "conditional" and not content.get("open_condition"):
        yield fault("open_condition_missing", "open_condition")
    if kind == "disallowed" and not (content.get("open_ground_kind") and content.get("open_ground")):
        yield fault("open_ground_missing", "open_ground")
    if kind != "disallowed" and kind and content.get("share_type") == REFUSED:
        yield fault("open_not_shared", "open_type")


def _of_grades(content: Content) -> Iterator[Fault]:
    """What is opened to everybody is public; what is highly sensitive, important or core is neither opened nor shared without
    conditions."""
    above = any(str(item.get("data_class") or GENERAL) != GENERAL for item in content.get("items", []))
    highest = HIGHEST_GRADE if above else grade_of(content)
    if (content.get("open_type") == "unconditional" and highest > PUBLIC_GRADE) or (
        content.get("open_type") == "conditional" and highest >= HIGHEST_GRADE
    ):
        yield fault("open_too_sensitive", "open_type")
    if content.get("share_type") == FREE and highest >= HIGHEST_GRADE:
        yield fault("share_too_sensitive", "share_type")


def grade_of(content: Content) -> str:
    """The grade of a resource is that of its most sensitive item."""
    return max((str(item.get("grade") or "") for item in content.get("items", [])), default="")


def _of_use(content: Content) -> Iterator[Fault]:
    if not content.get("item_results") and not content.get("no_item_reason"):
        yield fault("no_item", "no_item_reason")


def _of_items(items: Sequence[Content], content: Content, tables: Tables) -> Iterator[Fault]:
    if not items:
        yield fault("no_items", "items")
        return
    if len(items) > MOST_ITEMS:
        yield fault("too_many_items", "items", most=MOST_ITEMS)
    if KEYED & set(content.get("carriers", [])) and not any(item.get("is_key") == "1" for item in items):
        yield fault("no_key", "items")
    often = Counter(item.get("name", "") for item in items), Counter(item.get("english", "").lower() for item in items)
    for item in items:
        yield from _of_item(item, tables, often)


def _of_item(item: Content, tables: Tables, often: tuple[Counter[str], Counter[str]]) -> Iterator[Fault]:
    path = f"items.{item['key']}."
    yield from _of_fields("item", item, tables, path)
    english, length = item.get("english", ""), item.get("length", "")
    if english and not ENGLISH.fullmatch(english):
        yield fault("english_shape", f"{path}english")
    if item.get("name") and often[0][item["name"]] > 1:
        yield fault("twice", f"{path}name", value=item["name"])
    if english and often[1][english.lower()] > 1:
        yield fault("twice", f"{path}english", value=english)
    if (item.get("type") in NEEDS_LENGTH and not length) or (length and not LENGTH.fullmatch(length)):
        yield fault("length_shape", f"{path}length")
    if item.get("is_key") == "1" and item.get("nullable") == "1":
        yield fault("key_nullable", f"{path}nullable")
