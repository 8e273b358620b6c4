"""What people said is wrong in the registers."""

from __future__ import annotations

from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.forms.models import Objection


def objections_about(subject: str) -> list[Objection]:
    """Those made in one draft or case, for the room that shows it."""
    return list(Objection.objects.filter(subject=subject).order_by("made_at"))


def objections_open(actor: Actor, *, cursor: str = "") -> Page:
    """Those not answered yet, oldest first, for whoever may look into the registers."""
    permit(actor, "registries.look", department_id=actor.department_id)
    return page_of(Objection.objects.filter(answered_at=None), order=["made_at", "id"], cursor=cursor)
