"""What each type of field asks of its value beyond its shape. Each judge yields codes and what their sentences need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from tongban.foundation.kernel.identifiers import citizen_id_fault, is_mobile, uscc_fault

from .structure import Field
from .text import text_fault

Problem = tuple[str, dict[str, Any]]
LANDLINE = re.compile(r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}|1(?:0\d{3}|2\d{3})")
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
DATE_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_date(value: Any) -> date | None:
    """The day a text names, if such a day exists."""
    if not isinstance(value, str) or not DATE_SHAPE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def day_named(word: Any, today: date) -> date | None:
    """A bound of a date field: a day, `today`, or `today+30` / `today-30` in days."""
    if isinstance(word, date):
        return word
    if isinstance(word, str) and (found := re.fullmatch(r"today(?:([+-]\d{1,5}))?", word)):
        return today + timedelta(days=int(found[1] or 0))
    return parse_date(word)


def _text(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if isinstance(value, str) and (problem := text_fault(value, free=item.type == "textarea")):
        yield problem[0], {"found": problem[1]}


def _id_number(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if isinstance(value, str) and (code := citizen_id_fault(value, today=today)):
        yield f"id_{code}", {"count": len(value)}


def _uscc(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if isinstance(value, str) and (code := uscc_fault(value)):
        yield f"uscc_{code}", {"count": len(value)}


def _phone(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if not isinstance(value, str) or is_mobile(value):
        return
    if item.raw.get("mobile"):
        yield "mobile", {}
    elif not LANDLINE.fullmatch(value):
        yield "phone", {}


def _email(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if isinstance(value, str) and not EMAIL.fullmatch(value):
        yield "email", {}


def _day(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if not isinstance(value, str):
        return
    day = parse_date(value)
    if day is None:
        yield ("unreal_date", {"value": value}) if DATE_SHAPE.fullmatch(value) else ("date", {})
        return
    least, most = day_named(item.raw.get("min"), today) or date(1800, 1, 1), day_named(item.raw.get("max"), today)
    if day < least:
        yield "date_too_early", {"min": least.isoformat()}
    elif most and day > most:
        yield "date_too_late", {"max": most.isoformat()}


def _range(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if not isinstance(value, dict):
        return
    for part in ("from", "to"):
        if not value.get(part):
            yield "date_range", {"part": part}
        else:
            yield from ((code, {**params, "part": part}) for code, params in _day(item, value[part], today))
    first, last = parse_date(value.get("from")), parse_date(value.get("to"))
    if first and last and last < first:
        yield "date_range_order", {"part": "to"}


def _address(item: Field, value: Any, today: date) -> Iterator[Problem]:
    if not isinstance(value, dict):
        return
    code, detail = value.get("division") or "", value.get("detail") or ""
    if isinstance(code, str) and (not code or code[6:] == "000000"):
        yield "address_division", {"part": "division"}
    if isinstance(detail, str):
        if not detail and item.raw.get("detail") is not False:
            yield "address_detail", {"part": "detail"}
        elif problem := text_fault(detail):
            yield problem[0], {"found": problem[1], "part": "detail"}


VALUE_CHECKS: dict[str, Callable[[Field, Any, date], Iterator[Problem]]] = {
    "text": _text,
    "textarea": _text,
    "id_number": _id_number,
    "uscc": _uscc,
    "phone": _phone,
    "email": _email,
    "date": _day,
    "date_range": _range,
    "address": _address,
}
