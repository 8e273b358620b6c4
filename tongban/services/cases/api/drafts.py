"""Applications being written."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import BaseModel, Field

from tongban.services.cases.actions import (
    attach_to_draft,
    detach_from_draft,
    discard_draft,
    once,
    renew_draft,
    save_draft,
    submit,
)
from tongban.services.cases.models import Draft
from tongban.services.cases.queries import draft_for, draft_standing, my_drafts, offers_of, picked
from tongban.services.forms.queries import leaf
from tongban.services.items.queries import content_of

from .keys import KEY_HEADER, key_of
from .shapes import MaterialIn, ReceiptOut, receipt_told

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

router = Router(tags=["drafts"])


class DraftIn(BaseModel):
    """What was typed so far; what is left out stays as it was. `revision` is the one it was drawn from."""

    situation: dict[str, str] | None = None
    form: dict[str, Any] | None = None
    delivery: dict[str, str] | None = None
    revision: int | None = Field(None, ge=0)


class NewDraftIn(DraftIn):
    item_code: str = Field(max_length=120)


class DraftLineOut(Schema):
    """A draft in a list."""

    id: UUID
    item_code: str
    task_name: str
    saved_at: datetime
    revision: int


class DraftMaterialIn(MaterialIn):
    licence_id: UUID | None = Field(None, description="for 5: which of the draft's `licences`; without it, the first")


class OfferedLicenceOut(Schema):
    """A licence that can stand for a material (免提交)."""

    material_key: str
    id: UUID
    type_code: str
    name: str
    identifier: str = Field(description="证照标识")
    number_tail: str
    valid_until: date | None
    of_legal_person: bool = Field(description="the legal representative's, not the company's own")
    chosen: bool = Field(description="it stands, should nothing else be handed in")


class DraftOut(DraftLineOut):
    """A draft with everything typed. `standing`: current, changed (a newer version holds) or closed (not to be had now)."""

    item_version_id: UUID
    standing: str
    situation: dict[str, Any]
    form: dict[str, Any]
    materials: dict[str, Any]
    licences: list[OfferedLicenceOut]
    delivery: dict[str, Any]


def _line(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.pk,
        "item_code": draft.item_code,
        "task_name": draft.task_name,
        "saved_at": draft.saved_at,
        "revision": draft.revision,
    }


def _whole(draft: Draft, actor: Actor) -> dict[str, Any]:
    return {
        **_line(draft),
        "item_version_id": draft.item_version_id,
        "standing": draft_standing(draft),
        "situation": draft.situation,
        "form": draft.answers,
        "materials": draft.materials,
        "licences": _licences(draft, actor),
        "delivery": draft.delivery_wish,
    }


def _licences(draft: Draft, actor: Actor) -> list[dict[str, Any]]:
    asked = leaf(
        content_of(draft.item_version_id), draft.situation, applicant_kind=draft.applicant_kind, answers=draft.answers
    ).materials
    offered = offers_of(draft, asked, actor)
    chosen = picked(offered, draft.materials)
    return [
        {
            "material_key": key,
            "id": brief.id,
            "type_code": brief.type_code,
            "name": brief.name,
            "identifier": brief.identifier,
            "number_tail": brief.tail,
            "valid_until": brief.until,
            "of_legal_person": bool(brief.ground),
            "chosen": chosen.get(key) == brief,
        }
        for key, briefs in offered.items()
        for brief in briefs
    ]


@router.get("/drafts", response=list[DraftLineOut], summary="My drafts")
def list_drafts(request: HttpRequest) -> list[dict[str, Any]]:
    return [_line(draft) for draft in my_drafts(request.auth)]  # type: ignore[attr-defined]


@router.post("/drafts", response={201: DraftOut}, summary="Begin an application", openapi_extra=KEY_HEADER)
def begin(request: HttpRequest, body: NewDraftIn) -> Status[dict[str, Any]]:
    actor = request.auth  # type: ignore[attr-defined]

    def make() -> UUID:
        return save_draft(
            actor=actor,
            item_code=body.item_code,
            situation=body.situation,
            answers=body.form,
            delivery_wish=body.delivery,
        ).pk

    return Status(
        201, _whole(draft_for(actor, once(actor, key_of(request), ["draft", body.model_dump()], make)), actor)
    )


@router.get("/drafts/{draft_id}", response=DraftOut, summary="One draft with everything typed")
def one_draft(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    actor = request.auth  # type: ignore[attr-defined]
    return _whole(draft_for(actor, draft_id), actor)


@router.patch("/drafts/{draft_id}", response=DraftOut, summary="Keep what was typed")
def keep(request: HttpRequest, draft_id: UUID, body: DraftIn) -> dict[str, Any]:
    actor = request.auth  # type: ignore[attr-defined]
    saved = save_draft(
        actor=actor,
        draft_id=draft_id,
        situation=body.situation,
        answers=body.form,
        delivery_wish=body.delivery,
        revision=body.revision,
    )
    return _whole(saved, actor)


@router.delete("/drafts/{draft_id}", response={204: None}, summary="Throw a draft away")
def throw_away(request: HttpRequest, draft_id: UUID) -> Status[None]:
    discard_draft(actor=request.auth, draft_id=draft_id)  # type: ignore[attr-defined]
    return Status(204, None)


@router.post("/drafts/{draft_id}/renewal", response=DraftOut, summary="Move a draft to the version that holds today")
def renew(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    actor = request.auth  # type: ignore[attr-defined]
    return _whole(renew_draft(actor=actor, draft_id=draft_id), actor)


@router.put(
    "/drafts/{draft_id}/materials/{key}", response=DraftOut, summary="Hand in one material, in place of what was there"
)
def hand_in(request: HttpRequest, draft_id: UUID, key: str, body: list[DraftMaterialIn]) -> dict[str, Any]:
    actor = request.auth  # type: ignore[attr-defined]
    draft = detach_from_draft(actor=actor, draft_id=draft_id, key=key)
    for row in body:
        draft = attach_to_draft(
            actor=actor, draft_id=draft_id, key=key, way=row.get_type, file_id=row.file_id, waive_mode=row.waive_mode,
            licence_id=row.licence_id,
        )  # fmt: skip
    return _whole(draft, actor)


@router.post("/drafts/{draft_id}/submission", response={201: ReceiptOut, 200: ReceiptOut}, summary="Submit a draft")
def send(request: HttpRequest, draft_id: UUID) -> Status[dict[str, Any]]:
    """A draft becomes one case: sending it again answers 200 with the same receipt."""
    receipt = submit(actor=request.auth, draft_id=draft_id)  # type: ignore[attr-defined]
    return Status(200 if receipt.is_replay else 201, receipt_told(receipt))
