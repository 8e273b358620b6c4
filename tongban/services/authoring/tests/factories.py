"""Drafts of items for tests."""

from __future__ import annotations

from typing import Any

from tongban.foundation.drafting.actions import begin
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.authoring.queries import KIND, VERB
from tongban.services.items.tests.factories import a_definition


def make_manager(short_name: str = "区卫健局") -> Actor:
    """Whoever looks after a department's items."""
    return officer("item_manager", department=make_department(short_name))


def make_item_draft(actor: Actor, **changes: Any) -> Draft:
    """A draft that is fit to be handed in, top-level elements changed."""
    content = a_definition(**changes)
    return begin(
        actor=actor, kind=KIND, key=content["code"], title=content["task_name"],
        department_id=actor.department_id, verb=VERB, content=content,
    )  # fmt: skip
