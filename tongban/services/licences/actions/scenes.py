"""Sharing scenes: asked for by a body, answered by the issuer, settled by the body, opened by the platform, stopped by any of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import may, permit, require_proof
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.services.licences.errors import SCENE_WORDS, SceneMoved, SceneRefused
from tongban.services.licences.models import Scene
from tongban.services.licences.queries.scenes import MANAGE, OPEN_SCENES, SHARE, issuers_of, scene_for
from tongban.services.licences.queries.types import type_in_force
from tongban.services.licences.rules.scenes import DEEDS, STEP_OF, asked_faults, may_do, note_faults

from .telling import tell_of_scene

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def _refusal(faults: Iterable[tuple[str, str]]) -> SceneRefused:
    return SceneRefused(reasons=[Reason(f"licences.scene_{code}", SCENE_WORDS[code], field) for field, code in faults])


def _step(actor: Actor, note: str) -> dict[str, str]:
    return {"at": now().isoformat(), "by": str(actor.account_id), "note": note.strip()}


def ask_scene(
    *,
    actor: Actor,
    type_code: str,
    issuer_id: UUID | None,
    name: str,
    purpose: str,
    fields: Iterable[str],
    until_on: date | None,
    ground: str = "",
    item_code: str = "",
) -> Scene:
    """Step one: which fields of whose licences a body needs, for what, until when.

    Without a ground in law the holder is still asked each time.
    """
    permit(actor, SHARE, department_id=actor.department_id)
    assert actor.department_id is not None
    kind, keys = type_in_force(type_code), list(fields)
    known = [field["key"] for field in kind.content["fields"]]
    name, purpose, ground = name.strip(), purpose.strip(), ground.strip()
    faults = asked_faults(
        name=name, purpose=purpose, ground=ground, fields=keys, known=known, until_on=until_on,
        issues=issuer_id in {row.pk for row in issuers_of(type_code)}, own=issuer_id == actor.department_id, today=today(),
    )  # fmt: skip
    if faults:
        raise _refusal(faults)
    try:
        with transaction.atomic():
            scene = Scene.objects.create(
                department_id=actor.department_id, issuer_id=issuer_id, type_code=kind.code, name=name, purpose=purpose,
                ground=ground, item_code=item_code.strip()[:120], fields=[key for key in known if key in keys],
                until_on=until_on, steps={"define": _step(actor, purpose)}, made_at=now(),
            )  # fmt: skip
            record("licences.scene_asked", actor=actor, subject=scene, data={"type": kind.code, "fields": scene.fields})
            tell_of_scene(actor, scene)
    except IntegrityError:
        raise _refusal([("name", "twice")]) from None
    return scene


def _asked(actor: Actor, scene_id: UUID | str, deed: str, note: str) -> Scene:
    scene = scene_for(actor, scene_id, lock=True)
    if not may_do(deed, scene.state):
        raise SceneMoved
    if faults := note_faults(deed, note):
        raise _refusal(faults)
    return scene


def _done(actor: Actor, scene: Scene, deed: str, note: str) -> Scene:
    scene.state = DEEDS[deed][1]
    scene.steps = scene.steps | {STEP_OF[deed]: _step(actor, note)}
    scene.save(update_fields=["state", "steps", "fields", "process"])
    tell_of_scene(actor, scene, note)
    return scene


@transaction.atomic
def answer_scene(
    *, actor: Actor, scene_id: UUID | str, agrees: bool, note: str, fields: Iterable[str] | None = None
) -> Scene:
    """Step two: the issuer agrees, to all that was asked or to less, or does not, and says why."""
    scene = scene_for(actor, scene_id)
    permit(actor, MANAGE, department_id=scene.issuer_id)
    deed = "agree" if agrees else "refuse"
    scene = _asked(actor, scene_id, deed, note)
    if agrees and fields is not None:
        given = set(fields)
        scene.fields = [key for key in scene.fields if key in given]
        if not scene.fields:
            raise _refusal([("fields", "fields")])
    record("licences.scene_answered", actor=actor, subject=scene, data={"agrees": agrees, "fields": scene.fields})
    return _done(actor, scene, deed, note)


@transaction.atomic
def settle_scene(*, actor: Actor, scene_id: UUID | str, process: str) -> Scene:
    """Step three: who looks, at which step of the matter, and what is done with what was seen."""
    scene = scene_for(actor, scene_id)
    permit(actor, SHARE, department_id=scene.department_id)
    scene = _asked(actor, scene_id, "settle", process)
    scene.process = process.strip()
    record("licences.scene_settled", actor=actor, subject=scene)
    return _done(actor, scene, "settle", process)


@transaction.atomic
def open_scene(*, actor: Actor, scene_id: UUID | str, note: str) -> Scene:
    """Step four: the platform lets it be used, from this moment until its last day."""
    permit(actor, OPEN_SCENES)
    require_proof(actor)
    scene = _asked(actor, scene_id, "open", note)
    record("licences.scene_opened", actor=actor, subject=scene, data={"until": str(scene.until_on)})
    return _done(actor, scene, "open", note)


@transaction.atomic
def stop_scene(*, actor: Actor, scene_id: UUID | str, reason: str) -> Scene:
    """From this moment it opens nothing. Any of the three may; it is not taken up again but asked for anew."""
    scene = scene_for(actor, scene_id)
    opens = may(actor, OPEN_SCENES) or may(actor, MANAGE, department_id=scene.issuer_id)
    if not opens:
        permit(actor, SHARE, department_id=scene.department_id)
    scene = _asked(actor, scene_id, "stop", reason)
    record("licences.scene_stopped", actor=actor, subject=scene)
    return _done(actor, scene, "stop", reason)
