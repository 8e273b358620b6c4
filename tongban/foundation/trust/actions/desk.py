"""The registration desk (RA): somebody applies for a certificate, another person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from asn1crypto import pem
from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.trust.errors import (
    SENTENCES,
    ApplicationNotFound,
    ApplicationRefused,
    CertificateNotFound,
    NotWaiting,
    SamePerson,
    WrongState,
)
from tongban.foundation.trust.gateways import openssl
from tongban.foundation.trust.models import Application, Certificate
from tongban.foundation.trust.queries import loaded_public
from tongban.foundation.trust.rules.certificates import LONGEST_REQUEST, curve_of, request_faults, request_of
from tongban.foundation.trust.rules.desk import APPLIED_FOR, application_faults, same_person, words_fit

from .issuing import authority, issued, issued_for, new_pair

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def _refused(faults: list[tuple[str, str]]) -> ApplicationRefused:
    return ApplicationRefused(reasons=[Reason(f"trust.{code}", SENTENCES[code], field) for field, code in faults])


def _request_in(text: str) -> bytes:
    """DER of a request typed or uploaded as PEM; bytes that nothing can read where it is neither."""
    data = text.strip().encode()[: LONGEST_REQUEST + 1]
    try:
        return bytes(pem.unarmor(data)[2]) if pem.detect(data) else data
    except (ValueError, TypeError):
        return data


@transaction.atomic
def apply_for_certificate(
    *, actor: Actor, kind: str, algorithm: str, title: str, purpose: str, request: str = ""
) -> Application:
    """Ask for a certificate. With a PKCS#10 `request` (PEM) its key is certified; without, a key is made in our store."""
    permit(actor, "trust.apply")
    title, der = title.strip(), _request_in(request)
    faults = application_faults(kind=kind, algorithm=algorithm, title=title, purpose=purpose)
    if der:
        found = request_faults(der, is_signed=openssl.is_signed)
        faults += [("request", code) for code in found or _wrong_curve(der, algorithm)]
    if faults:
        raise _refused(faults)
    assert actor.account_id is not None
    application = Application.objects.create(
        kind=kind, algorithm=algorithm, title=title, owner=f"{APPLIED_FOR[kind]}:{uuid7()}", request=der,
        purpose=purpose.strip(), applied_at=now(), applied_by=actor.account_id,
    )  # fmt: skip
    data = {"kind": kind, "algorithm": algorithm}
    record("trust.applied", actor=actor, subject=f"certificate_application:{application.pk}", data=data)
    return application


def _wrong_curve(der: bytes, algorithm: str) -> list[str]:
    request = request_of(der)
    public = request and request["certification_request_info"]["subject_pk_info"]
    return [] if public is not None and curve_of(public) == algorithm else ["other_curve"]


@transaction.atomic
def apply_for_renewal(*, actor: Actor, certificate_id: UUID, purpose: str) -> Application:
    """Ask for the same certificate again, for the same key, before or after its end."""
    permit(actor, "trust.apply")
    row = _certificate(certificate_id)
    if row.kind not in APPLIED_FOR or row.state != Certificate.State.VALID:
        raise WrongState
    if row.renewal_applications.filter(state=Application.State.WAITING).exists():
        raise NotWaiting
    if not words_fit(purpose):
        raise _refused([("purpose", "words")])
    assert actor.account_id is not None
    application = Application.objects.create(
        kind=row.kind, algorithm=row.algorithm, title=row.subject, owner=row.owner, request=b"",
        purpose=purpose.strip(), renews=row, applied_at=now(), applied_by=actor.account_id,
    )  # fmt: skip
    data = {"renews": row.serial}
    record("trust.applied", actor=actor, subject=f"certificate_application:{application.pk}", data=data)
    return application


def _certificate(certificate_id: UUID) -> Certificate:
    row = Certificate.objects.select_for_update(of=("self",)).select_related("key").filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound
    return row


def _waiting(actor: Actor, application_id: UUID) -> Application:
    """The application, locked, if this actor may decide on it now."""
    permit(actor, "trust.decide")
    require_proof(actor)
    rows = Application.objects.select_for_update(of=("self",)).select_related("renews__key")
    application = rows.filter(pk=application_id).first()
    if application is None:
        raise ApplicationNotFound
    if application.state != Application.State.WAITING:
        raise NotWaiting
    if same_person(application.applied_by, actor.names):
        raise SamePerson
    return application


@transaction.atomic
def approve_application(*, actor: Actor, application_id: UUID, opinion: str = "") -> Certificate:
    """Issue what was applied for. The key store failing leaves the application waiting."""
    application = _waiting(actor, application_id)
    row = _issued(application)
    application.state, application.certificate = Application.State.ISSUED, row
    _decided(application, actor, opinion)
    data = {"serial": row.serial, "kid": row.kid, "application": str(application.pk)}
    record("trust.issued", actor=actor, subject=f"certificate:{row.pk}", data=data)
    return row


def _issued(application: Application) -> Certificate:
    issuer, kind = authority(application.algorithm), Certificate.Kind(application.kind)
    before = application.renews
    if before is None and not application.request:
        key = new_pair(application.owner, "own", application.algorithm)
        return issued(key=key, issuer=issuer, title=application.title)
    public = loaded_public(bytes(before.der)) if before else _public_in(bytes(application.request))
    return issued_for(
        public=public, algorithm=application.algorithm, kind=kind, owner=application.owner, title=application.title,
        issuer=issuer, key=before.key if before else None, renews=before,
    )  # fmt: skip


def _public_in(der: bytes) -> bytes:
    request = request_of(der)
    assert request is not None
    return bytes(request["certification_request_info"]["subject_pk_info"].dump())


@transaction.atomic
def refuse_application(*, actor: Actor, application_id: UUID, opinion: str) -> Application:
    application = _waiting(actor, application_id)
    if not words_fit(opinion):
        raise _refused([("opinion", "words")])
    application.state = Application.State.REFUSED
    _decided(application, actor, opinion)
    record("trust.refused", actor=actor, subject=f"certificate_application:{application.pk}")
    return application


def _decided(application: Application, actor: Actor, opinion: str) -> None:
    application.decided_at, application.decided_by = now(), actor.account_id
    application.opinion = opinion.strip()[:200]
    application.save(update_fields=["state", "certificate", "decided_at", "decided_by", "opinion"])


@transaction.atomic
def issue_certificate(*, actor: Actor, request: bytes, kind: str, owner: str, title: str) -> Certificate:
    """Certify the key of a PKCS#10 request (DER) at once, for a room that has checked the holder itself."""
    permit(actor, "trust.decide")
    require_proof(actor)
    if faults := request_faults(request, is_signed=openssl.is_signed):
        raise _refused([("request", code) for code in faults])
    public = _public_in(request)
    algorithm = openssl.algorithm_of(public)
    assert algorithm is not None
    row = issued_for(
        public=public, algorithm=algorithm, kind=Certificate.Kind(kind), owner=owner, title=title,
        issuer=authority(algorithm),
    )  # fmt: skip
    record("trust.issued", actor=actor, subject=f"certificate:{row.pk}", data={"serial": row.serial, "kid": row.kid})
    return row
