"""Sharing scenes as those see them who ask, who answer and who open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.actors import Scope, may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.organisations.queries import departments_of
from tongban.services.licences.models import Scene, Use
from tongban.services.licences.rules.scenes import DEEDS, STEPS

from .types import type_in_force

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.organisations.models import Department

SHARE, MANAGE, OPEN_SCENES = "licences.share", "licences.manage", "licences.open_scenes"
STEP_WORDS: dict[str, tuple[Any, Any]] = {
    "define": (_("确定共享场景"), _("用证部门说明哪件事要用哪种证照的哪几项，依据哪条法。")),
    "data": (_("获取共享数据"), _("颁发部门答复，同意给哪几项。")),
    "process": (_("确认共享数据应用流程"), _("用证部门写明谁在哪一步查、查了怎么用。")),
    "connect": (_("打通接口实现应用"), _("平台核对后开通，每次使用都记入持证人能看到的台账。")),
}
SCENE_STATES: dict[str, Any] = {
    "asked": _("等颁发部门答复"), "agreed": _("等确认应用流程"), "settled": _("等平台开通"), "open": _("已开通"),
    "refused": _("不同意"), "stopped": _("已停用"), "ended": _("已到期"),
}  # fmt: skip
COLOURS = {"open": "green", "refused": "red", "stopped": "grey", "ended": "grey"}


def _seen(actor: Actor) -> QuerySet[Scene]:
    if (actor.scope(OPEN_SCENES) or 0) >= Scope.ALL:
        return Scene.objects.all()
    verbs = [verb for verb in (SHARE, MANAGE) if may(actor, verb, department_id=actor.department_id)]
    if not verbs:
        raise NotAllowed(verb=SHARE)
    return Scene.objects.filter(Q(department_id=actor.department_id) | Q(issuer_id=actor.department_id))


def scenes_of(actor: Actor, *, cursor: str = "", size: int = 30) -> Page:
    """Those the actor's department asked for or is asked about, or all for whoever opens them; with how often each was used."""
    used = Use.objects.filter(scene_id=OuterRef("pk")).order_by().values("scene_id").annotate(n=Count("id")).values("n")
    return page_of(_seen(actor).annotate(used=Coalesce(Subquery(used), 0)), order=["-id"], cursor=cursor, size=size)


def scenes_waiting(actor: Actor) -> list[Scene]:
    """Scenes whose next step the actor may take: to answer, to settle, to open. One query."""
    mine = actor.department_id
    steps = Q(pk__in=[])
    if may(actor, MANAGE, department_id=mine):
        steps |= Q(state=Scene.State.ASKED, issuer_id=mine)
    if may(actor, SHARE, department_id=mine):
        steps |= Q(state=Scene.State.AGREED, department_id=mine)
    if may(actor, OPEN_SCENES):
        steps |= Q(state=Scene.State.SETTLED)
    return list(Scene.objects.filter(steps).order_by("id"))


def last_doer(scene: Scene) -> UUID | None:
    """The account that took the step before."""
    by = max(scene.steps.values(), key=lambda step: step["at"])["by"]
    return UUID(by) if by != "None" else None


def scene_for(actor: Actor, scene_id: UUID | str, *, lock: bool = False) -> Scene:
    rows = _seen(actor)
    return find(rows.select_for_update() if lock else rows, pk=scene_id)


def uses_of_scene(scene: Scene, size: int = 20) -> list[Use]:
    """What was looked at in its name lately: purpose, case and moment, not whose licence it was."""
    rows = Use.objects.filter(scene_id=scene.pk).order_by("-id").only("purpose", "case_no", "at", "user_name", "fields")
    return list(rows[:size])


def steps_of_scene(scene: Scene) -> list[dict[str, Any]]:
    """Each of the four steps with who took it and when, and which is next."""
    going = scene.state in ("asked", "agreed", "settled")
    steps = [
        {"key": key, "title": STEP_WORDS[key][0], "text": STEP_WORDS[key][1], "done": scene.steps.get(key)}
        for key in STEPS
    ]
    following = next((step for step in steps if not step["done"]), None)
    return [step | {"next": going and step is following} for step in steps]


def state_of(scene: Scene) -> str:
    return "ended" if scene.state == Scene.State.OPEN and not scene.is_open(today()) else str(scene.state)


def deeds_open(actor: Actor, scene: Scene) -> list[str]:
    """What this actor may do about a scene as it stands."""
    mine = may(actor, SHARE, department_id=scene.department_id)
    issues = may(actor, MANAGE, department_id=scene.issuer_id)
    opens = may(actor, OPEN_SCENES)
    may_do = {"agree": issues, "refuse": issues, "settle": mine, "open": opens, "stop": mine or issues or opens}
    return [deed for deed, allowed in may_do.items() if allowed and scene.state in DEEDS[deed][0]]


def issuers_of(type_code: str) -> list[Department]:
    """The departments that give a type."""
    names = type_in_force(type_code).content["issuers"]
    return [row for row in departments_of() if not names or row.short_name in names]
