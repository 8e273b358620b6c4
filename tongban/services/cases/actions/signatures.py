"""个人签名: whoever applies signs his application, whoever gives an opinion or decides signs that (电子签名法 art. 13).

The key is the account's own. The platform keeps it on his behalf behind the key gateway (云签名) and uses it only while he
does the thing himself, signed in; so a signature is as strong as that sign-in, which the record names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.identity.queries import mandates_in_force, person, staff_name
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.trust.actions import sign_record
from tongban.services.cases.models import Case, Signature
from tongban.services.cases.queries.signatures import earlier_signatures, present_of
from tongban.services.cases.rules.signing import SIGNED_ACTS, contents_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

    from .intake import Checked

PERSONAL = "personal"
ALGORITHMS = ("sm2",)  # what the law asks of persons' signatures here; half the price of both
HUMAN = ("person", "company", "staff")


def signed_application(actor: Actor, ready: Checked, case_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The row of the signature under an application, for the one statement of intake; None when no person sends it.

    No query of its own for a person whose key this process knows. A clerk who writes for somebody signs as the witness of a
    signature on paper.
    """
    if actor.kind not in HUMAN:
        return None
    applicant, application = ready.applicant, ready.application
    own = actor.applicant_id is not None and actor.applicant_id == applicant.id
    contents = contents_of(
        answers=ready.answers,
        situation=ready.situation,
        delivery=dict(application.delivery_wish),
        materials=ready.materials,
        files=ready.files,
    )
    return _row(
        actor,
        case_id=case_id,
        verb="submit",
        way=Signature.Way.OWN if own else Signature.Way.WITNESS,
        at=at,
        told={
            "item": ready.item.content["code"],
            "item_version": ready.item.version_id,
            "applicant": {"kind": applicant.kind, "id": applicant.id, "name": applicant.name},
            "declaration": application.declaration,
            "contents": contents,
        },
    )


def sign_act(
    actor: Actor,
    case: Case,
    verb: str,
    at: datetime,
    *,
    said: Mapping[str, Any],
    stage: str = "",
    step_id: UUID | None = None,
) -> str:
    """Sign what a person does to a case, with what he has before him; its digest, for the fact, or nothing where nobody signs.

    Call inside the action's transaction: `KeyStoreAway` undoes it, so nothing is decided that is not signed.
    """
    if verb not in SIGNED_ACTS or actor.kind not in HUMAN:
        return ""
    application, previous = earlier_signatures(case.pk)
    row = _row(
        actor,
        case_id=case.pk,
        verb=verb,
        way=Signature.Way.OWN,
        at=at,
        step_id=step_id,
        told={
            "project_no": case.project_no,
            "item": case.item_code,
            "item_version": case.item_version_id,
            "stage": stage or case.stage_key,
            "said": said,
            "application": application,
            "previous": previous,
            "contents": present_of(case.pk).contents,
        },
    )
    Signature.objects.create(**row)
    return str(row["digest"])


def _row(
    actor: Actor,
    *,
    case_id: UUID,
    verb: str,
    way: str,
    at: datetime,
    told: Mapping[str, Any],
    step_id: UUID | None = None,
) -> dict[str, Any]:
    signer = _signer(actor)
    whole = {**told, "case": case_id, "verb": verb, "way": str(way), "at": at.isoformat(), "signer": signer}
    if step_id:
        whole["step"] = step_id
    signed = sign_record(f"account:{actor.account_id}", PERSONAL, whole, title=signer["name"], algorithms=ALGORITHMS)
    return {
        "id": uuid7(),
        "case_id": case_id,
        "verb": verb,
        "way": str(way),
        "account_id": actor.account_id,
        "for_account_id": actor.for_account_id,
        "step_id": step_id,
        "signed_at": at,
        "digest": sm3(signed.text),
        "text": signed.text.decode(),
        "signatures": signed.signatures,
    }


def _signer(actor: Actor) -> dict[str, Any]:
    """Who signs, in whose name, and how he had signed in."""
    signer: dict[str, Any] = {
        "account": actor.account_id, "kind": actor.kind, "name": actor.name, "level": actor.level,
        "factors": list(actor.factors),
    }  # fmt: skip
    if actor.department_id:
        signer["department"] = actor.department_id
    if actor.for_account_id and actor.account_id:
        whose = {"account": actor.for_account_id, "name": staff_name(actor.for_account_id)}
        return {**signer, "name": staff_name(actor.account_id), "for": whose}
    if actor.company_id and actor.person_id:
        mandate = mandates_in_force(person=actor.person_id, company=actor.company_id).first()
        firm = {"company": actor.company_id, "name": actor.name, "mandate": mandate and mandate.pk}
        return {**signer, "name": person(actor.person_id).name, "for": firm}
    return signer
