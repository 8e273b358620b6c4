"""What the city already knows, for the fields of a form: each value with its source and its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.data.registries.queries import company_record, person_record
from tongban.foundation.identity.queries import card_at_counter, identity_card
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.services.forms.rules.elements import (
    BOOK,
    ELEMENTS,
    IDENTITY,
    LEGAL_PERSONS,
    NEVER_CARRIED,
    POPULATION,
    fitted,
)
from tongban.services.forms.rules.evaluation import fits, is_empty, scope_of
from tongban.services.forms.rules.expressions import holds
from tongban.services.forms.rules.structure import Field, plan_of

from .book import address_book

Known = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Visitor:
    """Somebody who stands at a counter, for himself or for a company."""

    person_id: UUID
    company_id: UUID | None = None

    @property
    def kind(self) -> str:
        return "company" if self.company_id else "person"


def prefill(
    actor: Actor,
    form: dict[str, Any],
    purpose: str,
    *,
    earlier: Iterable[dict[str, Any]] = (),
    case_no: str = "",
    situation: dict[str, Any] | None = None,
    visitor: Visitor | None = None,
) -> Known:
    """`{path: {"value", "source", "as_of", "stale"}}` for fields of the form.

    A field with an `element` is asked of the identity card, the registers and the address book; any other of `earlier` cases
    of the same item (`cases.queries.earlier_answers`, newest first). Only the acting person's and company's own data; a member
    of staff gets that of the `visitor` before him, with a `case_no`, and nobody's address book. Registers are only asked if
    the form has a field for them, since every look is a fact. A field whose `element_if` does not hold in the `situation` is
    about somebody else (an old mother, a child) and stays empty.
    """
    kind = visitor.kind if visitor else actor.kind
    scope = scope_of({"situation": situation, "applicant": {"kind": kind}})
    fields = {key: item for key, item in plan_of(form).fields.items() if holds(item.raw.get("element_if") or "", scope)}
    wanted = {item.raw.get("element", "") for item in fields.values()}
    known = _sources(actor, visitor, wanted, purpose, case_no) if kind in ("person", "company") else {}
    found: Known = {}
    for item in fields.values():
        if item.formula:
            continue
        value = _of_element(item, known) or _of_earlier(item, earlier)
        if value:
            found[item.key] = value
    return found


def values_of(sources: Known) -> dict[str, Any]:
    """The answers that a prefill amounts to."""
    return {path: entry["value"] for path, entry in sources.items()}


def _sources(actor: Actor, visitor: Visitor | None, wanted: set[str], purpose: str, case_no: str) -> dict[str, Known]:
    card = card_at_counter(actor, visitor.person_id, visitor.company_id) if visitor else identity_card(actor)
    origin = _("窗口核对的证件") if visitor else _("您的账号")
    registers = {register for element in wanted for register, _name in ELEMENTS.get(element, ())}
    known: dict[str, Known] = {
        IDENTITY: {name: {"value": value, "source": origin, "as_of": ""} for name, value in card.items() if value}
    }
    if POPULATION in registers and card.get("id_number"):
        known[POPULATION] = (
            person_record(actor=actor, id_number=card["id_number"], purpose=purpose, case_no=case_no) or {}
        )
    if LEGAL_PERSONS in registers and card.get("uscc"):
        known[LEGAL_PERSONS] = company_record(actor=actor, uscc=card["uscc"], purpose=purpose, case_no=case_no) or {}
    if BOOK in registers:
        known[BOOK] = _of_book(actor)
    return known


def _of_book(actor: Actor) -> Known:
    """The default address and who takes the post there."""
    first = next(iter(address_book(actor)), None)
    parts = {"address": "value", "name": "name", "phone": "phone", "postcode": "postcode"}
    return {name: first.known(part) for name, part in parts.items()} if first else {}


def _options(item: Field) -> dict[str, str]:
    return {str(option["value"]): str(option["label"]) for option in item.raw.get("options") or ()}


def _of_element(item: Field, known: dict[str, Known]) -> dict[str, Any] | None:
    element = item.raw.get("element", "")
    for source, name in ELEMENTS.get(element, ()):
        entry = known.get(source, {}).get(name)
        if entry is None:
            continue
        value = fitted(element, item.type, _options(item), entry["value"])
        if not is_empty(value):
            return {**entry, "value": value}
    return None


def _of_earlier(item: Field, earlier: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """What the person wrote himself last time. What an element says of somebody is never taken from there: it may be old."""
    if item.type in NEVER_CARRIED or ELEMENTS.get(item.raw.get("element") or "") or item.raw.get("carry") is False:
        return None
    for case in earlier:
        value = (case.get("answers") or {}).get(item.key)
        value = _carried_rows(item, value) if item.rows else value
        if not is_empty(value) and _still_fits(item, value):
            source = _("您的办件 %(number)s") % {"number": case.get("project_no", "")}
            return {"value": value, "source": source, "as_of": _day(case.get("as_of")), "stale": False}
    return None


def _still_fits(item: Field, value: Any) -> bool:
    """An option may be gone in the version of today."""
    options = _options(item)
    if item.rows:
        return isinstance(value, list)
    chosen = value if isinstance(value, list) else [value]
    return fits(item.type, value) and (not options or all(str(one) in options for one in chosen))


def _carried_rows(item: Field, rows: Any) -> Any:
    if not isinstance(rows, list):
        return None
    keys = {cell.key for cell in item.rows if cell.type not in NEVER_CARRIED and not cell.formula}
    return [{key: value for key, value in row.items() if key in keys} for row in rows if isinstance(row, dict)]


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value or "")
