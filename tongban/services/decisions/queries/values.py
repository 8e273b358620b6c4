"""What a decision saw, for people to read: each value in words, masked, with where it came from and when it was asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel import masks
from tongban.foundation.organisations.queries import division_names
from tongban.services.decisions.rules import REGISTERS

from .words import value_words

MASKED = (("number", masks.mask_id_number), ("_id", masks.mask_id_number), ("name", masks.mask_name))
DIVISION = re.compile(r"\d{12}")
Labels = dict[tuple[str, str], dict[str, str]]


def values_of(
    rules: Mapping[str, Any], snapshot: Mapping[str, Any], item: Mapping[str, Any], *, to_applicant: bool
) -> list[dict[str, Any]]:
    """Every input with what it held. `item`: the item's definition, whose choices have names.

    An applicant reads in a register only what it holds of himself: whoever types another's number learns nothing by it.
    """
    labels, seen = _labels(item), snapshot["values"]
    names = division_names(set(_divisions(entry.get("value") for entry in seen.values())))
    return [
        _told(one, seen.get(one["key"], {}), labels, names, hidden=to_applicant and _is_anothers(one, seen))
        for one in rules["inputs"]
    ]


def _is_anothers(one: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    entry = seen.get(one["key"], {})
    return one["source"] in REGISTERS and entry.get("value") is not None and not entry.get("own")


def _told(
    one: Mapping[str, Any], entry: Mapping[str, Any], labels: Labels, names: Mapping[str, str], *, hidden: bool
) -> dict[str, Any]:
    return {
        "label": one["label"],
        "value": _("已查询，登记内容只给本人看") if hidden else _words(one, entry.get("value"), labels, names),
        "source": entry.get("source", ""),
        "as_of": _day(entry.get("as_of")),
        "asked_at": _moment(entry.get("asked_at")),
        "fault": entry.get("fault", ""),
    }


def _words(one: Mapping[str, Any], value: Any, labels: Labels, names: Mapping[str, str]) -> str:
    chosen = labels.get((one["source"], one["take"]), {}).get(str(value))
    if chosen:
        return chosen
    said = DIVISION.sub(lambda found: names.get(found[0], found[0]), value_words(value))
    about = f"{one['key']} {one['take']}"
    return next((mask(said) for word, mask in MASKED if said and word in about), said)


def _divisions(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str | Mapping):
            yield from DIVISION.findall(value_words(value))


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None


def _moment(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        return None


def _labels(item: Mapping[str, Any]) -> Labels:
    """What the choices of the form and of the situations are called."""
    found: Labels = {}
    for question in _questions(item.get("situations") or ()):
        found["situation", question["key"]] = _choices(question)
    for group in (item.get("form") or {}).get("groups") or ():
        for field in group.get("fields") or ():
            if field.get("options"):
                found["answers", field["key"]] = _choices(field)
    return found


def _questions(questions: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for question in questions:
        yield question
        for option in question.get("options") or ():
            yield from _questions(option.get("then") or ())


def _choices(asked: Mapping[str, Any]) -> dict[str, str]:
    return {str(option["value"]): str(option["label"]) for option in asked.get("options") or ()}
