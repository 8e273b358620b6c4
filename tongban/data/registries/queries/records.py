"""One record: what it says, where each value came from, what lost, and what was known on any day of any day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_date

from tongban.data.registries.errors import LookRefused
from tongban.data.registries.models import Earlier, Record, Register, Ruling
from tongban.data.registries.rules import (
    GRADE,
    LOOK,
    POPULATION,
    Known,
    candidates,
    element_of,
    highest_level,
    is_stale,
    mask_of,
    masked,
    purpose_faults,
    spans_of,
    value_on,
)
from tongban.foundation.audit.actions import record as write_down
from tongban.foundation.identity import queries as identity
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.foundation.kernel.identifiers import citizen_id_fault
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.kernel.versions import in_force

from .looking import NEEDED

SEE = "registries.see"
KINDS = {"population": "person", "legal_persons": "company"}


@dataclass(frozen=True)
class Value:
    """One element as a page shows it: masked unless it was looked at in full."""

    name: str
    title: str
    value: Any
    source: str
    as_of: str
    stale: bool
    origin: dict[str, Any]
    losers: list[dict[str, Any]]
    decided: bool


def index_of(register: Register, key: str) -> str:
    return blind_index(key) if register.personal else key.strip().upper()


def register_of(actor: Actor, code: str) -> Register:
    one = find(Register.objects.select_related("department"), pk=code)
    permit(actor, SEE, department_id=one.department_id)
    return one


def records_page(*, actor: Actor, register: str, cursor: str = "") -> Page:
    """All that a register holds, the newest first, for a page that masks it."""
    one = register_of(actor, register)
    return page_of(Record.objects.filter(register=one.code), order=["-id"], cursor=cursor, size=30)


def register_known(code: str) -> Register | None:
    """A register by its name, for its words and masks alone: no right is asked, no record read."""
    return Register.objects.filter(pk=code).first()


def record_of(*, actor: Actor, record_id: UUID) -> tuple[Register, Record]:
    """A record for a page that masks it."""
    kept = find(Record.objects.all(), pk=record_id)
    return register_of(actor, kept.register), kept


@transaction.atomic
def look_in_full(*, actor: Actor, record_id: UUID, purpose: str, case_no: str) -> tuple[Register, Record]:
    """A record unmasked: for a purpose and a case or task number, and written down."""
    register, kept = record_of(actor=actor, record_id=record_id)
    permit(actor, LOOK, department_id=actor.department_id, grade=clearance_for(register))
    faults = purpose_faults(purpose, case_no)
    if faults:
        raise LookRefused(reasons=[Reason(fault, NEEDED[fault], fault) for fault in faults])
    person = _person_of(register, kept)
    data = {"what": register.code, "purpose": purpose[:200], "case_no": case_no[:60], "own": False}
    write_down(
        "registries.looked",
        actor=actor,
        subject=f"record:{kept.pk}",
        person_id=person.pk if person else None,
        data=data,
    )
    return register, kept


def _person_of(register: Register, kept: Record) -> Any:
    """Whose data it is, if he is known here: he sees that somebody looked."""
    about = content_of(register).get("about") or ("id_number" if register.code == POPULATION else "")
    number = str(kept.values.get(about, {}).get("value") or "")
    return identity.person_by_id_number(number) if citizen_id_fault(number, today=today()) is None else None


def content_of(register: Register) -> dict[str, Any]:
    """The rules that hold today; empty when there are none yet."""
    ruling = in_force(Ruling.objects.all(), today(), register=register)
    return dict(ruling.content) if ruling else {}


def clearance_for(register: Register) -> int:
    """Whoever looks at a record in full is cleared for the most sensitive of its elements."""
    return max(GRADE, highest_level(content_of(register)))


def mask_said(register: str, element: Mapping[str, Any]) -> str:
    """The mask (a key of `rules.HIDES`) an element of a register is shown under."""
    return mask_of(f"{KINDS.get(register, register)}.{element['name']}", element.get("mask", ""))


def masked_value(register: str, element: str, value: Any, mask: str = "") -> Any:
    return masked(f"{KINDS.get(register, register)}.{element}", value, mask)


def values_of(register: Register, kept: Record | Earlier, *, full: bool) -> list[Value]:
    """Each element with its source, its age, and what lost against it."""
    content, kind = content_of(register), KINDS.get(register.code, register.code)

    def show(element: str, value: Any) -> Any:
        mask = (element_of(content, element) or {}).get("mask", "")
        return value if full else masked_value(register.code, element, value, mask)

    told = []
    for name, entry in kept.values.items():
        origin = dict(kept.origins.get(name, {}))
        losers, decided = origin.pop("losers", []), bool(origin.pop("decided", False))
        known = element_of(content, name) or {}
        as_of = parse_date(entry["as_of"]) or today()
        told.append(
            Value(
                name=name,
                title=known.get("title", ""),
                value=show(name, entry["value"]),
                source=entry["source"],
                as_of=entry["as_of"],
                stale=is_stale(f"{kind}.{name}", as_of, today()),
                origin=origin,
                losers=[
                    one | {"value": show(name, one["value"]), "same": one["value"] == entry["value"]} for one in losers
                ],
                decided=decided,
            )
        )
    return told


def said_of(kept: Record) -> dict[str, list[Known]]:
    """Element → everything we ever said of it, with when we said it and from when on it is true."""
    told: dict[str, list[Known]] = {}
    rows: list[Record | Earlier] = [*Earlier.objects.filter(record=kept).order_by("until_at", "id"), kept]
    for row in rows:
        if row.known_at is None or row.state == Record.State.GONE:
            continue
        for name, entry in row.values.items():
            since = parse_date(row.origins.get(name, {}).get("since") or entry["as_of"]) or row.known_at.date()
            told.setdefault(name, []).append(Known(row.known_at, since, entry["value"], entry))
    return told


def gone_since(kept: Record, *, known_on: date) -> date | None:
    """From which day on no source had it any more, by what was known at the end of a day; None: one had it, or nothing was known yet."""
    moment = datetime.combine(known_on, datetime.max.time(), SHANGHAI)
    rows: list[Record | Earlier] = [*Earlier.objects.filter(record=kept), kept]
    known = [(row.known_at, row.state) for row in rows if row.known_at and row.known_at <= moment]
    at, state = max(known, default=(moment, Record.State.HELD))
    return at.astimezone(SHANGHAI).date() if state == Record.State.GONE else None


def as_known(kept: Record, *, known_on: date, day: date) -> dict[str, Known]:
    """What was known at the end of one day of another day; nothing of days from which on no source had it any more (`gone_since`)."""
    gone = gone_since(kept, known_on=known_on)
    if gone is not None and day >= gone:
        return {}
    moment = datetime.combine(known_on, datetime.max.time(), SHANGHAI)
    told = {name: value_on(said, known_by=moment, day=day) for name, said in said_of(kept).items()}
    return {name: one for name, one in told.items() if one is not None}


def spans_known(kept: Record, *, known_on: date) -> dict[str, list[Known]]:
    """Element → its values one after another, by what was known at the end of a day."""
    moment = datetime.combine(known_on, datetime.max.time(), SHANGHAI)
    return {name: spans_of(said, known_by=moment) for name, said in said_of(kept).items()}


def origin_of(*, actor: Actor, register: str, key: str, element: str) -> dict[str, Any]:
    """Where a value came from: `dataset`, `batch`, `row` of the lake, `since`, `as_of`, `source`, version of the `ruling`, whether a
    steward `decided`, and `losers` with the same names. No values: lineage needs none, and nobody looks at a person by it.

    Raises `NotFound` when the register has no such value, or has it from no dataset (delivered by hand).
    """
    one = register_of(actor, register)
    kept = Record.objects.filter(register=one.code, key_index=index_of(one, key)).first()
    if kept is None:
        raise NotFound
    return origin_in(one, kept, element)


def origin_in(register: Register, kept: Record, element: str) -> dict[str, Any]:
    if not kept.origins.get(element):
        raise NotFound
    places = [
        {name: said[name] for name in ("dataset", "batch", "row", "since", "as_of", "source")}
        for said in candidates(kept.values, kept.origins, element)
    ]
    from_build = register.builds.filter(pk=kept.build_id).select_related("ruling").first() if kept.build_id else None
    return places[0] | {
        "ruling": from_build.ruling.version if from_build else None,
        "build": from_build.pk if from_build else None,
        "decided": bool(kept.origins[element].get("decided")),
        "losers": places[1:],
    }
