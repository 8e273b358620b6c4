"""Intake: one application in, one receipt out."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from ninja import Router

from tongban.services.cases.actions import Applicant, Application, submit

from .keys import KEY_HEADER, key_of
from .shapes import APPLICANT_KINDS, ApplicationIn, ReceiptOut, materials_of, receipt_told

router = Router(tags=["applications"])


@router.post(
    "/applications",
    response={201: ReceiptOut, 200: ReceiptOut},
    summary="Submit an application",
    openapi_extra=KEY_HEADER,
)
def apply(request: HttpRequest, body: ApplicationIn) -> HttpResponse:
    """Checked as a whole, taken in with one commit. 201 with the receipt; 200 with the same receipt when the key was used before.

    Where the item's rules decide by themselves, the receipt says what they decided and where the licence is.
    """
    actor = request.auth  # type: ignore[attr-defined]
    applicant = None
    if actor.applicant_id is None:
        kind = APPLICANT_KINDS[body.applyer_type]
        applicant = Applicant(kind, body.applyer_name, body.applyer_page_code, body.contact_mobile)
    application = Application(
        item_code=body.item_code,
        situation=body.situation,
        answers=body.form,
        materials=materials_of(body.materials),
        delivery_wish=body.delivery,
        applicant=applicant,
        by_person=body.by_person,
    )
    receipt = submit(actor=actor, payload=application, idempotency_key=key_of(request))
    # Written here and not by the framework: it would build and check a model of fields we have just made.
    return HttpResponse(
        json.dumps(receipt_told(receipt), ensure_ascii=False),
        status=200 if receipt.is_replay else 201,
        content_type="application/json; charset=utf-8",
        headers={"Location": f"/api/v1/cases/{receipt.project_no}"},
    )
