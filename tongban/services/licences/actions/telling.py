"""Who is told what: those who must confirm a batch or take the next step of a scene, and whoever brought or asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.identity.queries import departments_who_may, staff_name, staff_who_may
from tongban.foundation.kernel.clock import today
from tongban.foundation.notifications.actions import tell_reviewers, tell_writer
from tongban.services.licences.models import Batch, Scene
from tongban.services.licences.queries.gathering import MANAGE, drafts_of_batch
from tongban.services.licences.queries.scenes import OPEN_SCENES, SHARE

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def tell_of_batch(batch: Batch) -> None:
    """Every colleague who may confirm a batch that has something to confirm, but not the one who brought it."""
    if not drafts_of_batch(batch).exists():
        return
    colleagues = {account for account, _name in staff_who_may(batch.gathering.department_id, MANAGE)}
    tell_reviewers(
        reviewers=colleagues - {batch.brought_by}, who=staff_name(batch.brought_by) if batch.brought_by else "",
        what=_("历史证照批次"), title=f"{batch.gathering.type_name}　{batch.name}", deed=_("核对签发"), subject=batch,
        link=f"/console/licences/batches/{batch.pk}/",
    )  # fmt: skip


def tell_of_scene(actor: Actor, scene: Scene, note: str = "") -> None:
    """Whoever takes the next step of a scene; at its end, whoever asked for it."""
    state, link, what = scene.state, f"/console/licences/scenes/{scene.pk}/", _("共享应用场景")
    outcome = {Scene.State.OPEN: "confirmed", Scene.State.REFUSED: "refused", Scene.State.STOPPED: "refused"}.get(
        Scene.State(state)
    )
    if outcome:
        tell_writer(
            outcome, actor=actor, writers=[scene.steps["define"]["by"]], what=what, title=scene.name, subject=scene,
            link=link, why=note.strip(), day=today(),
        )  # fmt: skip
        return
    bodies, verb, deed = _next_step(scene)
    tell_reviewers(
        reviewers={account for body in bodies for account, _name in staff_who_may(body, verb)} - actor.names,
        who=actor.name, what=what, title=scene.name, deed=deed, subject=scene, link=link,
    )  # fmt: skip


def _next_step(scene: Scene) -> tuple[set[UUID], str, str]:
    """In which departments, by which right, and what is to be done."""
    if scene.state == Scene.State.ASKED:
        return {scene.issuer_id} if scene.issuer_id else set(), MANAGE, _("答复")
    if scene.state == Scene.State.AGREED:
        return {scene.department_id}, SHARE, _("确认应用流程")
    return departments_who_may(OPEN_SCENES), OPEN_SCENES, _("核对开通")
