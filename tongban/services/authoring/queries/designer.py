"""A form as its author sees it: pieces in their order, each with what is wrong beside it, and everything about the chosen one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import Actor
from tongban.services.cases.queries import drafts_answering, masked
from tongban.services.forms.queries import (
    PALETTE,
    TYPE_NAMES,
    Named,
    editing,
    element_named,
    faults_of_form,
    names_of,
    newest_shared,
    outline,
    parts,
    passing,
    run_tests,
    say,
    sentence,
    uses_of,
)
from tongban.services.items.errors import ItemNotFound

FORM = "/form"
MANY = 100  # fields; more than anybody fills in at one sitting
Faults = dict[str, list[str]]


@dataclass
class Piece:
    """One field or group on the canvas."""

    pointer: str
    raw: dict[str, Any]
    type_name: str = ""
    element: str = ""
    condition: str = ""
    faults: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    newer: int = 0  # version of the library that is newer than the copy here

    @property
    def label(self) -> str:
        return str(self.raw.get("label") or self.raw.get("title") or self.raw["key"])

    @property
    def is_computed(self) -> bool:
        return self.raw.get("value") not in (None, "")

    @property
    def needed(self) -> str:
        """`always`, `sometimes` or nothing."""
        said = self.raw.get("required")
        return "sometimes" if isinstance(said, str) and said else ("always" if said else "")


@dataclass
class Canvas:
    groups: list[Piece]
    faults: list[str]  # of the form as a whole
    fields: int
    tests: int
    failed: int

    @property
    def is_long(self) -> bool:
        return self.fields > MANY


def _pointer(path: str) -> str:
    return f"{FORM}/{path.replace('.', '/')}" if path else FORM


def form_of(content: dict[str, Any]) -> dict[str, Any]:
    """The form of a draft in any state, whole enough to be read."""
    form = content.get("form")
    form = form if isinstance(form, dict) else {}
    groups = form.get("groups")
    return {**form, "groups": groups if isinstance(groups, list) else []}


def faults_by_place(content: dict[str, Any]) -> Faults:
    """Every fault of the form under the pointer it stands at."""
    form = form_of(content)
    found: Faults = {}
    with passing(form):
        for fault in faults_of_form(form):
            found.setdefault(_pointer(fault.path), []).append(sentence(fault))
    return found


def canvas_of(actor: Actor, content: dict[str, Any]) -> Canvas:
    """The form's pieces. One query, for what is newer in the library."""
    faults = faults_by_place(content)
    newest = {
        key: row.version for key, row in newest_shared(actor, {k for k, _v, _t in parts.origins(content)}).items()
    }
    names = names_of(content)
    groups = []
    for g, group in enumerate(form_of(content)["groups"]):
        piece = _piece(f"{FORM}/groups/{g}", group, names, newest)
        piece.pieces = [
            _field(f"{piece.pointer}/fields/{f}", raw, names, newest) for f, raw in enumerate(group.get("fields") or ())
        ]
        groups.append(piece)
    rest = _spread(groups, faults)
    failed = sum(pointer.startswith(f"{FORM}/tests/") for pointer in faults)
    tests = len(form_of(content).get("tests") or ())
    return Canvas(groups, rest, sum(1 for _place in outline.fields(content)), tests, failed)


def _piece(pointer: str, raw: dict[str, Any], names: dict[str, Named], newest: dict[str, int]) -> Piece:
    origin = raw.get("origin") or {}
    newer = newest.get(origin.get("key", ""), 0)
    element = element_named(str(raw.get("element") or ""))
    return Piece(
        pointer=pointer,
        raw=raw,
        type_name=_(TYPE_NAMES.get(raw.get("type", ""), "")) if raw.get("type") else "",
        element=_(element.name) if element else "",
        condition=say(raw["show_if"], names, _) if raw.get("show_if") else "",
        newer=newer if newer > origin.get("version", newer) else 0,
    )


def _field(pointer: str, raw: dict[str, Any], names: dict[str, Named], newest: dict[str, int]) -> Piece:
    piece = _piece(pointer, raw, names, newest)
    inner = raw.get("fields") or ()
    if inner:
        around = {
            **names,
            **{cell["key"]: Named(cell["key"], str(cell.get("label") or cell["key"]), cell["type"]) for cell in inner},
        }
        piece.pieces = [_piece(f"{pointer}/fields/{c}", cell, around, newest) for c, cell in enumerate(inner)]
    return piece


def _spread(groups: list[Piece], faults: Faults) -> list[str]:
    """Give each piece the faults at or below it that no piece inside it has; what remains is the form's own."""
    left = dict(faults)

    def take(piece: Piece) -> None:
        for inner in piece.pieces:
            take(inner)
        for pointer in [p for p in left if p == piece.pointer or p.startswith(f"{piece.pointer}/")]:
            piece.faults += left.pop(pointer)

    for group in groups:
        take(group)
    return [text for texts in left.values() for text in texts]


# --- the chosen piece -----------------------------------------------------------------------------------------------------


@dataclass
class Chosen:
    """Everything about one piece: its own words, what it means, who uses it."""

    pointer: str
    raw: dict[str, Any]
    kind: str  # form, group or field
    faults: Faults
    names: dict[str, Named]
    is_cell: bool = False
    uses: list[str] = field(default_factory=list)
    sample: str = ""  # how others see a filled-in value

    @property
    def texts(self) -> list[str]:
        return [text for texts in self.faults.values() for text in texts]


def chosen_of(content: dict[str, Any], pointer: str) -> Chosen | None:
    """The piece at a pointer, or None where nothing stands (somebody took it out)."""
    faults = {
        at: texts for at, texts in faults_by_place(content).items() if at == pointer or at.startswith(f"{pointer}/")
    }
    if pointer == FORM:
        return Chosen(FORM, form_of(content), "form", faults, names_of(content))
    place = outline.place_of(content, pointer)
    if place is not None:
        return Chosen(
            pointer,
            place.raw,
            "field",
            faults,
            names_of(content, place.row),
            is_cell=place.row is not None,
            uses=[use.say(_) for use in uses_of(content, place)],
            sample=sample_masked(place.raw),
        )
    raw = outline.at(content, pointer)
    if pointer.startswith(f"{FORM}/groups/") and isinstance(raw, dict):
        return Chosen(pointer, raw, "group", faults, names_of(content))
    return None


def sample_masked(raw: dict[str, Any]) -> str:
    """An invented value of this field as somebody who need not see it whole is shown it; nothing where it is shown whole."""
    of_type = next((e for e in PALETTE if e.type == raw.get("type") and e.type in ("id_number", "phone")), None)
    element = element_named(str(raw.get("element") or "")) or of_type
    if element is None:
        return ""
    form = {"groups": [{"key": "g", "fields": [raw]}]}
    shown = masked(form, {raw["key"]: element.sample}).get(raw["key"])
    if shown == element.sample:
        return ""
    return str(shown.get("detail") if isinstance(shown, dict) else shown)


def tests_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The tests kept with the form and how each comes out now; of an unsound form only their names."""
    form = form_of(content)
    kept = [test for test in form.get("tests") or () if isinstance(test, dict)]
    with passing(form):
        sound = not [fault for fault in faults_of_form(form) if not fault.path.startswith("tests")]
        trials = run_tests(form) if sound else []
    said = {trial.number: trial for trial in trials}
    return [
        {
            "number": number,
            "pointer": f"{FORM}/tests/{number}",
            "name": test.get("name"),
            "ran": number in said,
            "passed": number in said and said[number].passed,
            "differences": [one.say(_) for one in said[number].differences] if number in said else [],
        }
        for number, test in enumerate(kept)
    ]


@dataclass(frozen=True)
class Removal:
    """What goes with a piece: who asks for it, and in how many applications under way it is filled in."""

    label: str
    uses: list[str]
    drafts: int

    @property
    def is_plain(self) -> bool:
        return not self.uses and not self.drafts


def removal_of(actor: Actor, content: dict[str, Any], pointer: str) -> Removal | None:
    gone = [place for place in outline.fields(content) if f"{place.pointer}/".startswith(f"{pointer}/")]
    raw = outline.at(content, pointer)
    if not isinstance(raw, dict) or not pointer.startswith(f"{FORM}/"):
        return None
    inside = {place.pointer for place in gone}
    uses = {
        use.pointer: use
        for place in gone
        for use in uses_of(content, place)
        if use.kind != "test"
        and not any(use.pointer.startswith(f"{p}/") for p in inside)
        and not use.pointer.startswith(f"{pointer}/")
    }
    keys = [place.raw["key"] for place in gone if place.row is None]
    label = str(raw.get("label") or raw.get("title") or raw.get("key") or "")
    return Removal(label, [use.say(_) for use in uses.values()], _drafts(actor, content, keys))


def _drafts(actor: Actor, content: dict[str, Any], keys: Iterable[str]) -> int:
    """The most drafts that hold an answer to any one of these; none for an item that was never published."""
    try:
        return max(drafts_answering(actor, str(content.get("code") or ""), keys).values(), default=0)
    except ItemNotFound:
        return 0


def is_group(pointer: str) -> bool:
    return editing.container_of(pointer)[0] == f"{FORM}/groups"
