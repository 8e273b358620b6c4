"""证照 for other systems: send what one's own department issued, say what became of it, look with purpose and case."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import BaseModel, Field

from tongban.foundation.kernel.errors import NotFound, Reason

from .actions import Holder, Looked, act_upon, layout_of, look_up, read_licence, receive
from .downloads import as_file
from .errors import LicenceRefused
from .models import Licence
from .queries import licence_by_identifier
from .queries.words import status_of

router = Router(tags=["licences"])
HOLDER_KINDS = {"001": "company", "111": "person"}  # 持证主体代码类型, GA/T 2000.156
# Where a fault stands in what was sent: by its code, or by the name it has within.
PLACES = {
    "licences.holder_number": "certificate_holder_code", "licences.holder_name": "certificate_holder_name",
    "licences.holder_kind": "certificate_holder_type_code", "issuer": "certificate_type_code",
    "number": "certificate_number", "issued_on": "certificate_issued_date", "valid_until": "certificate_expiring_date",
}  # fmt: skip
KEY_HEADER: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            "description": "Chosen by the sender. The same key with the same body answers with what was made the first time.",
        }
    ]
}
BYTES = {"schema": {"type": "string", "format": "binary"}}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
SEALED_PAGES = {
    "responses": {
        200: {"content": {"application/pdf": BYTES, "application/ofd": BYTES}},
        409: {"description": "Cannot be shown as it stands, or its issuer has no seal now.", "content": PROBLEM},
    }
}


class LicenceIn(BaseModel):
    """A licence as its issuer's system has it, under the names of GB/T 36906. `fields`: what is on its face, by key."""

    certificate_type_code: str = Field(max_length=21)
    certificate_number: str = Field(max_length=200)
    certificate_holder_type_code: Literal["001", "111"] = Field(
        description="001 unified social credit code, 111 citizen ID number"
    )
    certificate_holder_code: str = Field(max_length=40)
    certificate_holder_name: str = Field(max_length=100)
    certificate_issued_date: date
    certificate_effective_date: date | None = Field(None, description="the day of issue, when left out")
    certificate_expiring_date: date | None = Field(
        None, description="as the type says, when left out; none: without end"
    )
    fields: dict[str, str] = Field(default_factory=dict)


class ActIn(BaseModel):
    """What became of a licence. `document` is needed to suspend, revoke and annul; `fields` change it, dates renew it."""

    act: Literal["change", "renew", "check_yearly", "suspend", "restore", "cancel", "revoke", "annul", "declare_lost"]
    reason: str = Field("", max_length=600)
    document: str = Field("", max_length=200)
    until_on: date | None = Field(None, description="of a suspension: its last day")
    fields: dict[str, str] = Field(default_factory=dict, description="of a change")
    certificate_holder_name: str = Field("", max_length=100, description="of a change")
    certificate_effective_date: date | None = Field(None, description="of a renewal")
    certificate_expiring_date: date | None = Field(None, description="of a renewal")

    def given(self) -> dict[str, Any]:
        """What this act takes, and nothing that belongs to another."""
        own: dict[str, dict[str, Any]] = {
            "suspend": {"until_on": self.until_on},
            "change": {"fields": self.fields, "holder_name": self.certificate_holder_name},
            "renew": {"valid_from": self.certificate_effective_date, "valid_until": self.certificate_expiring_date},
        }
        return {"reason": self.reason, "document": self.document, **own.get(self.act, {})}


class LookIn(BaseModel):
    """By the code that the holder shows, or by his whole number and a type. Never by name."""

    code: str = Field("", max_length=40)
    certificate_holder_code: str = Field("", max_length=40)
    certificate_type_code: str = Field("", max_length=21)
    purpose: str = Field("", max_length=200)
    case_no: str = Field("", max_length=60)


class LicenceOut(Schema):
    """Where a licence stands. `status`: valid, draft (not yet in force), suspended, expired, cancelled, revoked, annulled,
    lost or superseded."""

    certificate_identifier: str
    certificate_type_code: str
    certificate_name: str
    certificate_issuing_authority_name: str
    certificate_issuing_authority_code: str
    certificate_issued_date: date
    certificate_effective_date: date | None
    certificate_expiring_date: date | None
    version: int
    status: str

    @classmethod
    def told(cls, licence: Licence) -> dict[str, Any]:
        return {
            "certificate_identifier": licence.identifier,
            "certificate_type_code": licence.type_code,
            "certificate_name": licence.type_name,
            "certificate_issuing_authority_name": licence.issuer_name,
            "certificate_issuing_authority_code": licence.issuer_code,
            "certificate_issued_date": licence.issued_on,
            "certificate_effective_date": licence.valid_from,
            "certificate_expiring_date": licence.valid_until,
            "version": licence.version,
            "status": status_of(licence),
        }


class MadeOut(LicenceOut):
    """`replayed`: the key was used before, and this is what came of it then."""

    replayed: bool


class HeldOut(LicenceOut):
    """A licence with its proof. `record` is the text that was signed, `files` where its sealed pages are to be had."""

    record: str
    signatures: list[dict[str, str]]
    files: dict[str, str]


class LookOut(LicenceOut):
    """What the holder, or the law, lets be seen. `way`: code, grant, law or issuer; `ground`: the law's article."""

    certificate_holder_name: str
    way: str
    ground: str
    fields: dict[str, str]

    @classmethod
    def shown(cls, looked: Looked) -> dict[str, Any]:
        return cls.told(looked.licence) | {
            "certificate_holder_name": looked.licence.holder_name,
            "way": looked.way,
            "ground": looked.ground,
            "fields": {key: str(value) for key, value in looked.fields.items()},
        }


def _key(request: HttpRequest) -> str:
    return request.headers.get("Idempotency-Key", "").strip()


def _placed(reason: Reason) -> Reason:
    """A reason beside the element of the request it is about."""
    known = PLACES.get(reason.code) or PLACES.get(reason.field)
    return Reason(reason.code, reason.text, known or f"fields.{reason.field}")


@router.post(
    "/licences",
    response={201: MadeOut, 200: MadeOut},
    summary="Send a licence that one's own department issued",
    openapi_extra=KEY_HEADER,
)
def send(request: HttpRequest, body: LicenceIn) -> Status[dict[str, Any]]:
    """Checked as a whole. 201 with its identifier; 200 with the same when the key was used before; 409 when it is there."""
    kind = HOLDER_KINDS[body.certificate_holder_type_code]
    try:
        licence, before = receive(
            actor=request.auth,
            key=_key(request),
            type_code=body.certificate_type_code,
            number=body.certificate_number,
            holder=Holder(kind, body.certificate_holder_code, body.certificate_holder_name),
            issued_on=body.certificate_issued_date,
            valid_from=body.certificate_effective_date,
            valid_until=body.certificate_expiring_date,
            fields=body.fields,
        )
    except LicenceRefused as refused:
        raise LicenceRefused(reasons=[_placed(reason) for reason in refused.reasons]) from None
    return Status(200 if before else 201, LicenceOut.told(licence) | {"replayed": before})


@router.post(
    "/licences/look",
    response=LookOut,
    summary="Look at a licence, with purpose and case number",
    openapi_extra=KEY_HEADER,
)
def look(request: HttpRequest, body: LookIn) -> dict[str, Any]:
    """By the holder's code, by his permission, or by law in an open scene. Every try stands in the ledger he reads.

    Sent again with its key within ten minutes it has the same answer and no second line there; later 409.
    """
    looked = look_up(
        actor=request.auth,
        code=body.code,
        number=body.certificate_holder_code,
        type_code=body.certificate_type_code,
        purpose=body.purpose,
        case_no=body.case_no,
        key=_key(request),
    )
    if looked is None:
        raise NotFound
    return LookOut.shown(looked)


@router.get("/licences/{identifier}", response=HeldOut, summary="A licence of one's own, or of one's own department")
def one(request: HttpRequest, identifier: str) -> dict[str, Any]:
    """One version with its signed record: for its holder, or for the department that issued it."""
    licence = read_licence(actor=request.auth, identifier=identifier)
    return HeldOut.told(licence) | {
        "record": licence.record,
        "signatures": licence.signatures,
        "files": {form: f"/api/v1/licences/{identifier}/files/{form}" for form in ("pdf", "ofd")},
    }


@router.get(
    "/licences/{identifier}/files/{form}",
    response={200: None},
    summary="The sealed pages of a licence, as PDF or OFD",
    openapi_extra=SEALED_PAGES,
)
def pages(request: HttpRequest, identifier: str, form: Literal["pdf", "ofd"]) -> HttpResponse:
    """Drawn and sealed when first asked for. 409 while its issuer has no seal, 503 while the key store is away."""
    licence = licence_by_identifier(request.auth, identifier)
    return as_file(layout_of(actor=request.auth, licence_id=licence.pk, form=form), licence.type_name, form)


@router.post(
    "/licences/{identifier}/acts",
    response={201: MadeOut, 200: MadeOut},
    summary="Say what became of a licence of one's own department",
    openapi_extra=KEY_HEADER,
)
def act(request: HttpRequest, identifier: str, body: ActIn) -> Status[dict[str, Any]]:
    """The version that stands afterwards: the next one after a change or a renewal, with an identifier of its own."""
    licence, before = act_upon(
        actor=request.auth, key=_key(request), identifier=identifier, act=body.act, **body.given()
    )
    return Status(200 if before else 201, LicenceOut.told(licence) | {"replayed": before})
