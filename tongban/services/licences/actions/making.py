"""Making a licence: its identifier, its record, its signature, its row; or the row alone, for whoever writes it himself."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import prepared_fact, record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.identifiers import citizen_id_fault, uscc_fault
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index, close
from tongban.services.licences.errors import FIELD_WORDS, LicenceRefused
from tongban.services.licences.gateways import next_serial
from tongban.services.licences.models import Licence
from tongban.services.licences.queries.types import issuer, type_in_force
from tongban.services.licences.rules import identifiers
from tongban.services.licences.rules.metadata import COMPANY, Holder, metadata, record_of
from tongban.services.licences.rules.types import coded, field_faults, last_day, number_of, spoken

from .signing import signed

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.organisations.models import Department
    from tongban.services.licences.models import LicenceType

ISSUE = "licences.issue"
SAID = (
    "holder_kind",
    "holder_id",
    "case_id",
    "type_code",
    "type_name",
    "issuer_id",
    "version",
)  # in the fact that it was issued
CLOSED = ("number", "holder_name", "holder_number", "record")  # columns that are ciphertext in the database


@dataclass(frozen=True)
class Place:
    """Where a version stands in the life of its licence: a new licence, or the next version of one there is."""

    family_id: UUID | None = None
    serial: str = ""
    version: int = 1
    number: str = ""


def prepared_licence(
    type_code: str,
    department_id: UUID,
    holder: Holder,
    fields: Mapping[str, Any],
    valid_from: date,
    valid_until: date | None,
    case_id: UUID | None,
    at: datetime,
) -> dict[str, Any]:
    """The row of a new licence by column, its record signed, for a caller that writes it in a statement of his own.

    No query once warm (but one in a hundred: a block of serial numbers). `valid_until` None: as the type says. Raises
    `LicenceRefused` with every reason, `NoSuchType`, and what the key store raises: then nothing may be granted. Such a
    caller also writes the fact of it (`issued_fact`).
    """
    row = composed(type_code, department_id, holder, fields, valid_from, valid_until, at)
    closed = {name: close(row[name]) for name in CLOSED}
    return row | closed | {"fields": close(json.dumps(row["fields"], ensure_ascii=False)), "case_id": case_id}


@transaction.atomic
def issue(
    *,
    actor: Actor,
    type_code: str,
    department_id: UUID,
    holder: Holder,
    fields: Mapping[str, Any],
    valid_from: date | None = None,
    valid_until: date | None = None,
    case_id: UUID | None = None,
    basis: str = "",
) -> Licence:
    """Issue a licence (签发): in force from its first day. Raises `LicenceRefused` with every reason."""
    permit(actor, ISSUE, department_id=department_id)
    at = now()
    start = valid_from or at.astimezone(SHANGHAI).date()
    row = composed(type_code, department_id, holder, fields, start, valid_until, at)
    source = Licence.Source.CASE if case_id else Licence.Source.STAFF
    row |= {"case_id": case_id, "basis": basis[:500], "source": source, "made_by": actor.account_id}
    licence = Licence.objects.create(**row)
    note_issued(actor, licence)
    return licence


def note_issued(actor: Actor, licence: Licence) -> None:
    """The fact that a version was made; the person reads it in his own record."""
    row = {name: getattr(licence, name) for name in SAID}
    record("licences.issued", actor=actor, subject=licence, person_id=_person_of(row), data=_said_of(row))


def issued_fact(actor: Actor, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same fact as a row, for whoever writes a prepared licence."""
    return prepared_fact(
        "licences.issued",
        actor=actor,
        subject=f"licence:{row['id']}",
        person_id=_person_of(row),
        data=_said_of(row),
        at=row["made_at"],
    )


def _person_of(row: Mapping[str, Any]) -> UUID | None:
    return None if row["holder_kind"] == COMPANY else row["holder_id"]


def _said_of(row: Mapping[str, Any]) -> dict[str, Any]:
    case = str(row["case_id"] or "")
    said = {
        "type": row["type_code"],
        "type_name": row["type_name"],
        "department": str(row["issuer_id"]),
        "version": row["version"],
    }
    said["case"] = case
    is_company = row["holder_kind"] == COMPANY and row["holder_id"]
    return said | ({"company": str(row["holder_id"])} if is_company else {})


def composed(
    type_code: str,
    department_id: UUID,
    holder: Holder,
    fields: Mapping[str, Any],
    valid_from: date,
    valid_until: date | None,
    at: datetime,
    place: Place | None = None,
    issued_on: date | None = None,
) -> dict[str, Any]:
    """Every column of one version, readable, its record signed. Writes nothing."""
    on = at.astimezone(SHANGHAI).date()
    kind, department, place = type_in_force(type_code, on), issuer(department_id), place or Place()
    holder = Holder(holder.kind, holder.number.strip().upper(), holder.name.strip(), holder.owner_id)
    values = coded(kind.content["fields"], {key: value for key, value in fields.items() if value not in (None, "")})
    until = valid_until or last_day(kind.content["validity"], valid_from)
    reasons = faults_of(kind, department, holder, values, valid_from, until, on)
    if reasons:
        raise LicenceRefused(reasons=reasons)
    serial = place.serial or fresh_serial(on)
    number = place.number or _number(kind, department, on, holder)
    written = Written(
        identifier=identifiers.compose(kind.code, department.code, serial, place.version), serial=serial,
        version=place.version, number=number, holder=holder, fields=values, issued_on=issued_on or on,
        valid_from=valid_from, valid_until=until,
    )  # fmt: skip
    text, signatures = signed(department_id, department.name, record_of(elements_of(kind, department, written, at)))
    row = row_of(kind, department, written, at, text, signatures)
    return row | {"family_id": place.family_id or row["id"]}


@dataclass(frozen=True)
class Written:
    """What one version of a licence says."""

    identifier: str
    serial: str
    version: int
    number: str
    holder: Holder
    fields: dict[str, Any]
    issued_on: date
    valid_from: date | None
    valid_until: date | None


def elements_of(kind: LicenceType, department: Department, written: Written, at: datetime) -> dict[str, str]:
    """What is signed of a version, under the names of the standard."""
    return metadata(
        type_name=kind.name, type_code=kind.code, number=written.number, identifier=written.identifier,
        issuer_name=department.name, issuer_code=department.code, issued_on=written.issued_on, holder=written.holder,
        valid_from=written.valid_from, valid_until=written.valid_until,
        fields=spoken(kind.content["fields"], written.fields), at=at,
    )  # fmt: skip


def row_of(
    kind: LicenceType,
    department: Department,
    written: Written,
    at: datetime,
    text: str,
    signatures: list[dict[str, str]],
) -> dict[str, Any]:
    """Every column of a version that is the first of its family, readable."""
    licence_id, holder = uuid7(), written.holder
    return {
        "id": licence_id,
        "family_id": licence_id,
        "identifier": written.identifier,
        "type_id": kind.pk,
        "type_code": kind.code,
        "type_name": kind.name,
        "issuer_id": department.pk,
        "issuer_code": department.code,
        "issuer_name": department.name,
        "serial": written.serial,
        "version": written.version,
        "number": written.number,
        "number_index": blind_index(written.number),
        "holder_kind": holder.kind,
        "holder_id": holder.owner_id,
        "holder_name": holder.name,
        "holder_number": holder.number,
        "holder_index": blind_index(holder.number),
        "fields": written.fields,
        "issued_on": written.issued_on,
        "valid_from": written.valid_from,
        "valid_until": written.valid_until,
        "state": Licence.State.VALID,
        "state_at": at,
        "checked_on": None,
        "record": text,
        "record_digest": sm3(text.encode()),
        "signatures": signatures,
        "case_id": None,
        "basis": "",
        "source": Licence.Source.CASE,
        "flags": [],
        "scan_id": None,
        "made_by": None,
        "made_at": at,
    }


def fresh_serial(on: date) -> str:
    """Day and twelve characters of chance: unique within type and issuer, and not to be guessed from another's."""
    return f"{on:%Y%m%d}" + "".join(secrets.choice(identifiers.ALPHABET) for _ in range(12))


def _number(kind: LicenceType, department: Department, on: date, holder: Holder) -> str:
    pattern = kind.content["number"]
    serial = next_serial() if "{serial}" in pattern else 0
    return number_of(pattern, year=on.year, region=department.division_id, serial=serial, holder=holder.number)


def faults_of(
    kind: LicenceType,
    department: Department,
    holder: Holder,
    values: Mapping[str, Any],
    valid_from: date | None,
    valid_until: date | None,
    on: date,
) -> list[Reason]:
    """Everything that keeps a licence from being written, each with the field it is about."""
    content = kind.content
    labels = {field["key"]: field["label"] for field in content["fields"]}
    number_fault = uscc_fault(holder.number) if holder.kind == COMPANY else citizen_id_fault(holder.number, today=on)
    kinds = {"person": _("个人"), "company": _("单位")}
    found = {
        ("holder", "holder_kind"): kinds.get(holder.kind, holder.kind) if holder.kind not in content["holders"] else "",
        ("number", "holder_number"): holder.kind if number_fault else "",
        ("name", "holder_name"): "" if holder.name else "-",
        ("issuer", "issuer"): _foreign(department, content["issuers"]),
        ("valid_until", "ends_before"): "-" if valid_from and valid_until and valid_until < valid_from else "",
    }
    found |= {(key, code): labels.get(key, key) for key, code in field_faults(content["fields"], values)}
    return [
        Reason(f"licences.{code}", FIELD_WORDS[code] % {"name": name}, field)
        for (field, code), name in found.items()
        if name
    ]


def _foreign(department: Department, issuers: list[str]) -> str:
    return department.short_name if issuers and department.short_name not in issuers else ""
