"""What stands on the page for each visible field: a plain value object that the templates in `forms/` write as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils.translation import gettext as _

from tongban.foundation.kernel.listing import listed
from tongban.services.forms.rules.schema import longest
from tongban.services.forms.rules.structure import CHOICE, MOST_ROWS, ROWS, Field
from tongban.services.forms.rules.values import parse_date

from .book import Entry
from .offers import Offer
from .places import Places

# https://html.spec.whatwg.org/#autofill: only for what the person fills in about himself (WCAG 1.3.5)
AUTOCOMPLETE = {
    "person.name": "name",
    "person.phone": "tel",
    "person.birth_on": "bday",
    "company.name": "organization",
    "company.phone": "tel",
}
BY_TYPE = {"email": "email", "phone": "tel"}
INPUT_MODES = {
    "phone": "tel",
    "email": "email",
    "number": "decimal",
    "money": "decimal",
    "integer": "numeric",
}
INPUT_TYPES = {"phone": "tel", "email": "email", "date": "date"}
WIDTHS = {"number": "number", "integer": "number", "money": "number", "date": "short"}
TEMPLATES = {
    "textarea": "area",
    "select": "select",
    "radio": "choices",
    "checkboxes": "choices",
    "boolean": "boolean",
    "date_range": "date_range",
    "address": "address",
    "repeat": "repeat",
    "table": "table",
    "file": "file",
    "signature": "signature",
    "notice": "notice",
}


@dataclass
class Choice:
    value: str
    label: str
    hint: str
    id: str
    chosen: bool


@dataclass
class Widget:
    """One field on the page. `part_errors` are the errors of its parts (`division`, `detail`, `from`, `to`)."""

    item: Field
    path: str
    id: str
    value: Any
    text: str  # the value as the control holds it
    words: str  # the value as a person reads it
    required: bool
    errors: list[str] = field(default_factory=list)
    part_errors: dict[str, list[str]] = field(default_factory=dict)
    source: dict[str, Any] | None = None
    note: str = ""
    computed: bool = False
    readonly: bool = False
    choices: list[Choice] = field(default_factory=list)
    levels: list[dict[str, Any]] = field(default_factory=list)
    offered: str = ""  # the place the page chose by itself
    book: list[Entry] = field(default_factory=list)  # addresses of his own he may take over
    offers: list[Offer] = field(default_factory=list)  # standard addresses he may mean
    rows: list[list[Widget]] = field(default_factory=list)
    file: dict[str, Any] | None = None
    may_add: bool = False
    may_remove: bool = False

    @property
    def type(self) -> str:
        return self.item.type

    @property
    def label(self) -> str:
        return self.item.label

    @property
    def hint(self) -> str:
        return str(self.item.raw.get("hint") or "")

    @property
    def unit(self) -> str:
        return str(self.item.raw.get("unit") or (_("元") if self.type == "money" else ""))

    @property
    def template(self) -> str:
        if self.computed:
            return "forms/fields/computed.html"
        return f"forms/fields/{TEMPLATES.get(self.type, 'text')}.html"

    @property
    def input_type(self) -> str:
        # A date that could not be read must stay visible, and a date input would show nothing.
        if self.type == "date" and self.text and parse_date(self.text) is None:
            return "text"
        return INPUT_TYPES.get(self.type, "text")

    @property
    def input_mode(self) -> str:
        return INPUT_MODES.get(self.type, "")

    @property
    def autocomplete(self) -> str:
        return AUTOCOMPLETE.get(self.item.raw.get("element", ""), BY_TYPE.get(self.type, "off"))

    @property
    def width(self) -> str:
        return WIDTHS.get(self.type, "")

    @property
    def longest(self) -> int | None:
        # The server counts code points, a browser UTF-16 units: twice as many never cuts a rare character short.
        return longest(self.item) * 2 if self.type in ("text", "textarea") else None

    @property
    def described_by(self) -> str:
        """The ids of what explains this control: its hint, its error, where its value came from."""
        parts = [("hint", self.hint), ("error", self.errors), ("source", self.source)]
        return " ".join(f"{self.id}-{name}" for name, there in parts if there)

    @property
    def item_label(self) -> str:
        return str(self.item.raw.get("item_label") or self.label)

    @property
    def columns(self) -> list[str]:
        return [cell.label for cell in self.item.rows]


def field_id(path: str) -> str:
    """The id of a field's control, as the error summary links to it (`field_id` in web/templatetags)."""
    return "f-" + path.replace(".", "-")


def as_typed(item: Field, value: Any) -> str:
    """A value as its control holds it; what could not be read is shown as it was typed."""
    if value is None:
        return ""
    if item.type == "money" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value / 100:.2f}"
    return str(value) if not isinstance(value, dict | list | bool) else ""


def _day(value: Any) -> str:
    day = parse_date(value)
    return format_date(day, _("Y年n月j日")) if day else str(value or "")


def in_words(item: Field, value: Any, places: Places) -> str:
    """A value as a person reads it."""
    labels = {str(option["value"]): option["label"] for option in item.raw.get("options") or ()}
    if value in (None, "", []):
        return ""
    if item.type in CHOICE:
        return str(labels.get(str(value), value))
    if item.type in ("file", "signature"):
        return _("文件已不在")  # one that is there is shown by its name instead
    writers = {
        "checkboxes": lambda: listed(str(labels.get(str(v), v)) for v in value),
        "boolean": lambda: _("是") if value else _("否"),
        "date": lambda: _day(value),
        "date_range": lambda: (
            _("%(first)s 至 %(last)s") % {"first": _day(value.get("from")), "last": _day(value.get("to"))}
        ),
        "address": lambda: places.words(value),
        "money": lambda: f"¥{value / 100:,.2f}" if isinstance(value, int) else str(value),
    }
    try:
        return str(writers.get(item.type, lambda: str(value))())
    except (AttributeError, TypeError):
        return str(value)  # a draft may hold anything


class Builder:
    """Makes the widgets of one page from what was answered, what is wrong, and where values came from."""

    def __init__(
        self,
        *,
        evaluated: Any,
        errors: dict[str, list[str]],
        sources: dict[str, Any],
        notes: dict[str, str],
        files: dict[str, dict[str, Any]],
        places: Places,
        readonly: bool,
        book: list[Entry],
        offers: Mapping[str, list[Offer]],
    ) -> None:
        self.evaluated, self.errors, self.sources, self.notes = evaluated, errors, sources, notes
        self.files, self.places, self.readonly, self.book, self.offers = files, places, readonly, book, offers

    def widget(self, item: Field, path: str, around: dict[str, Any]) -> Widget | None:
        """The widget of a field, or None while it is hidden."""
        if path not in self.evaluated.visible:
            return None
        value = self.evaluated.computed.get(path) if item.formula else around.get(item.key)
        made = Widget(
            item=item,
            path=path,
            id=field_id(path),
            value=value,
            text=as_typed(item, value),
            words=in_words(item, value, self.places) if item.type not in ROWS else "",
            required=path in self.evaluated.required,
            errors=self.errors.get(path, []),
            source=self._source(item, path, value),
            note=self.notes.get(path, ""),
            computed=bool(item.formula),
            readonly=self.readonly,
        )
        if item.type in ROWS:
            self._rows(made, value)
        else:
            self._parts(made, value)
        return made

    def _source(self, item: Field, path: str, value: Any) -> dict[str, Any] | None:
        """Where the value came from; `said` is what the register says, once the person has written something else."""
        source = self.sources.get(path)
        if not isinstance(source, dict):
            return None
        differs = value != source.get("value") and item.type not in ROWS
        return {**source, "said": in_words(item, source.get("value"), self.places) if differs else ""}

    def _parts(self, made: Widget, value: Any) -> None:
        item = made.item
        chosen = {str(v) for v in value} if isinstance(value, list) else {str(value)}
        made.choices = [
            Choice(
                str(o["value"]),
                o["label"],
                o.get("hint", ""),
                made.id if n == 0 else f"{made.id}-{n}",
                str(o["value"]) in chosen,
            )
            for n, o in enumerate(item.raw.get("options") or ())
        ]
        made.part_errors = {
            part: self.errors[f"{made.path}.{part}"]
            for part in ("division", "detail", "from", "to")
            if f"{made.path}.{part}" in self.errors
        }
        if item.type == "address" and not self.readonly:
            code = value.get("division") if isinstance(value, dict) else ""
            made.levels = self.places.levels(str(code or ""))
            made.offered = "" if code else self.places.city
            made.book = (
                self.book if made.path == item.key else []
            )  # not in a row of a table: there stand others' addresses
            made.offers = self.offers.get(made.path, [])
        if item.type in ("file", "signature") and isinstance(value, str):
            made.file = self.files.get(value)

    def _rows(self, made: Widget, value: Any) -> None:
        rows = [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
        least = 0 if self.readonly else int(made.item.raw.get("min_items") or (1 if made.required else 0))
        rows += [{}] * (least - len(rows))
        for number, row in enumerate(rows):
            cells = []
            for cell in made.item.rows:
                path = f"{made.path}.{number}.{cell.key}"
                if path not in self.evaluated.visible and number >= len(value or []) and not cell.condition:
                    self.evaluated.visible.add(path)  # a blank row is shown whole
                    self.evaluated.required |= {path} if cell.raw.get("required") is True else set()
                cells.append(self.widget(cell, path, row))
            made.rows.append([cell for cell in cells if cell is not None])
        made.may_add = len(rows) < int(made.item.raw.get("max_items") or MOST_ROWS)
        made.may_remove = len(rows) > max(int(made.item.raw.get("min_items") or 0), 0)
