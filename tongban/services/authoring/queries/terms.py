"""The condition builder: rows of field, comparison and value; written as the engine's expression, read back, said in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.services.forms.queries import (
    Compared,
    Joined,
    Name,
    Named,
    as_list,
    faults_of_expression,
    read,
    say,
    sentence,
    write,
)

CHOICE = ("select", "radio")
NUMBERS = ("number", "integer", "money")
LISTS = ("checkboxes", "repeat", "table")
MOST_TERMS = 12
_FILLED = {"filled": gettext_lazy("填了"), "empty": gettext_lazy("没有填")}
_EQUAL = {"is": gettext_lazy("是"), "is_not": gettext_lazy("不是")}
_ORDER = {
    "is": gettext_lazy("等于"),
    "greater": gettext_lazy("大于"),
    "at_least": gettext_lazy("不小于"),
    "less": gettext_lazy("小于"),
    "at_most": gettext_lazy("不大于"),
}
_DAYS = {
    "is": gettext_lazy("就是"),
    "greater": gettext_lazy("晚于"),
    "at_least": gettext_lazy("不早于"),
    "less": gettext_lazy("早于"),
    "at_most": gettext_lazy("不晚于"),
}
_SOME = {"one_of": gettext_lazy("是其中之一"), "none_of": gettext_lazy("不是其中任何一个")}
_HAS = {"has": gettext_lazy("选了"), "has_not": gettext_lazy("没有选")}
_TICK = {"ticked": gettext_lazy("勾选了"), "unticked": gettext_lazy("没有勾选")}


def operators_of(kind: str) -> dict[str, Any]:
    """The comparisons that make sense for a type of field."""
    if kind == "boolean":
        return _TICK
    if kind in CHOICE:
        return _EQUAL | _SOME | _FILLED
    if kind == "checkboxes":
        return _HAS | _FILLED
    if kind in NUMBERS:
        return _ORDER | _FILLED
    if kind == "date":
        return _DAYS | _FILLED
    if kind in ("address", "date_range", "file", "signature", "repeat", "table"):
        return _FILLED
    return _EQUAL | _FILLED


@dataclass
class Term:
    """One row of the builder. `value` is what its control holds: text, or a list of chosen options."""

    name: str
    operator: str
    value: Any
    about: Named | None
    names: dict[str, Named]

    @property
    def operators(self) -> dict[str, Any]:
        return operators_of(self.about.type) if self.about else {}

    @property
    def control(self) -> str:
        """What takes the value: nothing, option, options, day, number or text."""
        if not self.about or self.operator in ("filled", "empty", "ticked", "unticked"):
            return ""
        if self.operator in ("one_of", "none_of"):
            return "options"
        if self.about.options:
            return "option"
        if self.about.type == "date":
            return "day"
        return "number" if self.about.type in NUMBERS else "text"

    @property
    def unit(self) -> str:
        return _("元") if self.about and self.about.type == "money" else ""

    @property
    def days(self) -> list[Named]:
        """What a day may be compared with, beside a day of the calendar."""
        return [one for one in self.names.values() if one.type == "date" and one.name != self.name]

    @property
    def is_fixed_day(self) -> bool:
        return self.value not in {one.name for one in self.days}

    @property
    def is_complete(self) -> bool:
        if not self.about or self.operator not in self.operators:
            return False
        return not self.control or _valid(self.control, self.value)


def _valid(control: str, value: Any) -> bool:
    if control == "options":
        return bool(value)
    if control == "number":
        return _number(value) is not None
    return bool(str(value or "").strip())


def _number(value: Any) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if abs(number) < 1e13 else None


@dataclass
class Builder:
    """The builder of one expression: its rows, or only the expression where it says more than rows can."""

    pointer: str
    expression: str
    every: bool
    terms: list[Term]
    names: dict[str, Named]
    readable: bool

    @property
    def says(self) -> str:
        return say(self.expression, self.names, _) if self.expression else ""

    @property
    def faults(self) -> list[str]:
        if not self.expression:
            return []
        known = {name.split(".")[0] for name in self.names}
        return [sentence(fault) for fault in faults_of_expression(self.expression, "", known)]

    @property
    def choices(self) -> list[tuple[Any, list[Named]]]:
        """What may be asked for, in groups: answers of the form, the situation, the application."""
        asked = [one for one in self.names.values() if "." not in one.name and one.name != "today"]
        ranges = [one for one in self.names.values() if one.name.endswith((".from", ".to"))]
        situation = [one for one in self.names.values() if one.name.startswith("situation.")]
        rest = [one for one in self.names.values() if one.name == "applicant.kind"]
        return [
            (title, found)
            for title, found in ((_("表单"), asked + ranges), (_("情形"), situation), (_("申请"), rest))
            if found
        ]


def builder_of(pointer: str, expression: Any, names: dict[str, Named]) -> Builder:
    """The builder of an expression as it stands in the definition."""
    text = expression if isinstance(expression, str) else ""
    found = as_list(read(text)) if text else (True, [])
    if found is None:
        return Builder(pointer, text, True, [], names, readable=False)
    every, compared = found
    terms = [_term(one, names) for one in compared]
    readable = all(term is not None and term.is_complete for term in terms)
    return Builder(pointer, text, every, [term for term in terms if term] if readable else [], names, readable)


def _term(c: Compared, names: dict[str, Named]) -> Term | None:
    about = names.get(c.name)
    if about is None:
        return None
    if about.type == "boolean" and isinstance(c.value, bool):
        ticked = c.value == (c.operator == "is")
        return Term(c.name, "ticked" if ticked else "unticked", "", about, names)
    value: Any = c.value
    if isinstance(value, tuple):
        value = [str(one) for one in value]
    elif about.type == "money" and isinstance(value, int | float):
        value = f"{value / 100:.2f}".removesuffix(".00")
    elif about.type != "date" and isinstance(value, Name):
        return None
    return Term(c.name, c.operator, "" if value is None else value, about, names)


def posted(pointer: str, body: dict[str, Any], names: dict[str, Named]) -> Builder:
    """The builder as the page holds it; its expression is empty until every row is complete."""
    terms = []
    for row in [row for row in body.get("terms") or () if isinstance(row, dict)][:MOST_TERMS]:
        about = names.get(str(row.get("name") or ""))
        allowed = list(operators_of(about.type)) if about else []
        operator = str(row.get("operator") or "")
        operator = operator if operator in allowed else (allowed[0] if allowed else "")
        terms.append(Term(str(row.get("name") or ""), operator, row.get("value"), about, names))
    every = body.get("every") is not False
    whole = terms and all(term.is_complete for term in terms)
    compared = tuple(_compared(term) for term in terms) if whole else ()
    expression = ""
    if compared:
        expression = write(compared[0] if len(compared) == 1 else Joined(every, compared))
    return Builder(pointer, expression, every, terms, names, readable=True)


def _compared(term: Term) -> Compared:
    assert term.about is not None
    kind, value = term.about.type, term.value
    if term.operator in ("ticked", "unticked"):
        return Compared(term.name, "is" if term.operator == "ticked" else "is_not", True)
    if term.operator in ("filled", "empty"):
        return Compared(term.name, term.operator, listed=kind in LISTS)
    if term.operator in ("one_of", "none_of"):
        return Compared(term.name, term.operator, tuple(str(one) for one in value))
    if term.operator in ("has", "has_not"):
        return Compared(term.name, term.operator, str(value), listed=True)
    if kind == "date":
        day = str(value)
        return Compared(term.name, term.operator, day if re.match(r"\d", day) else Name(day), dated=True)
    if kind in NUMBERS:
        number = _number(value) or 0.0
        number = round(number * 100) if kind == "money" else number
        return Compared(term.name, term.operator, int(number) if number == int(number) else number)
    return Compared(term.name, term.operator, str(value).strip())
