"""Somebody at a counter, for tests."""

from __future__ import annotations

from typing import Any

from tongban.foundation.identity.models import Company, Person
from tongban.foundation.kernel.actors import Actor
from tongban.services.cases.actions import receive_visitor
from tongban.services.cases.models import Visit


def visited(clerk: Actor, person: Person, company: Company | None = None, **more: Any) -> Visit:
    """The person stands before the clerk with his card and agrees."""
    return receive_visitor(
        actor=clerk, id_number=person.id_number, uscc=company.uscc if company else "", present=True, **more
    )
