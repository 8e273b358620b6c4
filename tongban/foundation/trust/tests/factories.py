"""Certificates and applications for tests, valid by default. Other rooms may use these in their tests."""

from __future__ import annotations

from typing import Any

from tongban.foundation.kernel.actors import Actor
from tongban.foundation.trust.actions import apply_for_certificate, approve_application
from tongban.foundation.trust.models import Application, Certificate


def make_application(actor: Actor, **fields: Any) -> Application:
    """`actor` is a system administrator."""
    given = {"kind": "software", "algorithm": "p256", "title": "水务系统", "purpose": "接口调用签名"}
    return apply_for_certificate(actor=actor, **(given | fields))


def make_certificate(applicant: Actor, guard: Actor, **fields: Any) -> Certificate:
    """`guard` is a security administrator."""
    return approve_application(actor=guard, application_id=make_application(applicant, **fields).pk)
