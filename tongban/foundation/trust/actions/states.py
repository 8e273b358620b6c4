"""Answers about single certificates (OCSP)."""

from __future__ import annotations

from datetime import timedelta

from asn1crypto import ocsp, x509
from django.db import DatabaseError

from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.errors import KeyStoreAway
from tongban.foundation.trust.models import Certificate
from tongban.foundation.trust.queries import gone_of
from tongban.foundation.trust.rules import Issuer
from tongban.foundation.trust.rules.revocation import Gone, answer, asks_about, no_answer, question_of

from .authority import STATES
from .keys import key_for

_FRESH = timedelta(hours=1)


def answer_state_question(data: bytes) -> bytes:
    """An OCSP response to any bytes: states as of now, signed by the responder of the issuer that is asked about."""
    question = question_of(data)
    if question is None:
        return no_answer("malformed_request")
    issuer = _issuer_of(question.asked)
    if issuer is None:
        return no_answer("unauthorized")
    try:
        key = key_for(STATES, "states", issuer.algorithm)
        states = [(asked, _state(asked, issuer)) for asked in question.asked]
        own = x509.Certificate.load(key.certificate)
        responder = Issuer(key.algorithm, own.subject, key.public, key.signer)
        at = now()
        return answer(responder, key.certificate, states, nonce=question.nonce, at=at, until=at + _FRESH)
    except (KeyStoreAway, DatabaseError):
        return no_answer("try_later")


def _issuer_of(asked: list[ocsp.CertId]) -> Certificate | None:
    """The one authority of ours that issued what is asked about; its own responder answers for it alone."""
    rows = Certificate.objects.filter(kind=Certificate.Kind.ISSUING)
    for row in rows:
        certificate = x509.Certificate.load(bytes(row.der))
        if all(asks_about(one, certificate) for one in asked):
            return row
    return None


def _state(asked: ocsp.CertId, issuer: Certificate) -> Gone | bool:
    serial = f"{asked['serial_number'].native:x}"
    row = Certificate.objects.filter(issuer=issuer, serial=serial).first()
    if row is None:
        return False
    return True if row.state == Certificate.State.VALID else gone_of(row)
