"""Sharing scenes: asking, answering, settling, opening, stopping, and what was looked at in their name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed, id_typed
from tongban.foundation.organisations.queries import department_names
from tongban.services.licences import actions
from tongban.services.licences.models import Scene
from tongban.services.licences.queries import scenes as queries
from tongban.services.licences.queries import type_in_force, types_in_force


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@audience(STAFF)
@require_safe
def scenes(request: HttpRequest) -> HttpResponse:
    """Those the department asked for and those it is asked about."""
    page = queries.scenes_of(request.actor, cursor=request.GET.get("cursor", ""))
    bodies = department_names({row.department_id for row in page} | {row.issuer_id for row in page if row.issuer_id})
    types = {row.code: row.name for row in types_in_force({row.type_code for row in page})}
    context = {
        "page": page,
        "rows": [
            (
                row,
                types.get(row.type_code, ""),
                bodies.get(row.department_id, ""),
                bodies.get(row.issuer_id, ""),
                _state(row),
            )
            for row in page
        ],
        "asks": may(request.actor, queries.SHARE, department_id=request.actor.department_id),
    }
    return _private(render(request, "licences/scenes.html", context))


def _state(scene: Scene) -> tuple[str, Any, str]:
    state = queries.state_of(scene)
    return state, queries.SCENE_STATES[state], queries.COLOURS.get(state, "blue")


@audience(STAFF, "licences.share")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First which licence, then the rest."""
    code = (request.POST or request.GET).get("type", "")[:21]
    kind = type_in_force(code) if code else None
    given: dict[str, Any] = {
        name: request.POST.get(name, "")[:400]
        for name in ("name", "purpose", "ground", "item_code", "until_on", "issuer")
    }
    given["fields"] = request.POST.getlist("fields")
    error = None
    if request.method == "POST" and kind:
        try:
            scene = actions.ask_scene(
                actor=request.actor, type_code=kind.code, issuer_id=id_typed(given["issuer"]), name=given["name"],
                purpose=given["purpose"], ground=given["ground"], item_code=given["item_code"], fields=given["fields"],
                until_on=day_typed(given["until_on"]),
            )  # fmt: skip
        except TongbanError as refusal:
            error = refusal
        else:
            messages.success(request, _("已送颁发部门答复。"))
            return redirect("console-scene", scene.pk)
    context = {
        "kind": kind,
        "types": types_in_force(),
        "issuers": [row for row in queries.issuers_of(code) if row.pk != request.actor.department_id] if kind else [],
        "given": given,
        "error": error,
        "errors": error.fields if error else {},
    }
    return _private(render(request, "licences/scene_new.html", context, status=error.status if error else 200))


@audience(STAFF)
@require_safe
def scene(request: HttpRequest, scene_id: UUID) -> HttpResponse:
    """One scene with its steps, what may be done about it, and its uses."""
    return _scene(request, queries.scene_for(request.actor, scene_id))


def _scene(request: HttpRequest, found: Scene, error: TongbanError | None = None) -> HttpResponse:
    labels = {row["key"]: row["label"] for row in type_in_force(found.type_code).content["fields"]}
    people = staff_names(UUID(step["by"]) for step in found.steps.values() if step["by"] != "None")
    bodies = department_names({found.department_id} | ({found.issuer_id} if found.issuer_id else set()))
    who = {key: people.get(UUID(step["by"]), "") for key, step in found.steps.items() if step["by"] != "None"}
    context = {
        "scene": found,
        "type": type_in_force(found.type_code).name,
        "body": bodies.get(found.department_id, ""),
        "issuer": bodies.get(found.issuer_id, "") if found.issuer_id else "",
        "fields": [(key, labels.get(key, key)) for key in found.fields],
        "steps": [step | {"who": who.get(step["key"], "")} for step in queries.steps_of_scene(found)],
        "stopped": found.steps.get("stop"),
        "state": _state(found),
        "deeds": queries.deeds_open(request.actor, found),
        "uses": queries.uses_of_scene(found),
        "error": error,
        "errors": error.fields if error else {},
        "given": request.POST,
    }
    return _private(render(request, "licences/scene.html", context, status=error.status if error else 200))


def _answer(request: HttpRequest, found: Scene, note: str) -> Scene:
    agrees = request.POST.get("answer") == "agree"
    return actions.answer_scene(
        actor=request.actor, scene_id=found.pk, agrees=agrees, note=note, fields=request.POST.getlist("fields")
    )


DEEDS: dict[str, Callable[[HttpRequest, Scene, str], Scene]] = {
    "answer": _answer,
    "settle": lambda request, found, note: actions.settle_scene(actor=request.actor, scene_id=found.pk, process=note),
    "open": lambda request, found, note: actions.open_scene(actor=request.actor, scene_id=found.pk, note=note),
    "stop": lambda request, found, note: actions.stop_scene(actor=request.actor, scene_id=found.pk, reason=note),
}


@audience(STAFF)
@require_POST
def doing(request: HttpRequest, scene_id: UUID, deed: str) -> HttpResponse:
    """The next step, or the end."""
    found = queries.scene_for(request.actor, scene_id)
    if deed not in DEEDS:
        raise NotFound
    try:
        DEEDS[deed](request, found, request.POST.get("note", "")[:600])
    except TongbanError as refusal:
        if refusal.status == 403:
            raise
        return _scene(request, found, refusal)
    messages.success(request, _("已记下。"))
    return redirect("console-scene", found.pk)


urlpatterns = [
    path("console/licences/scenes/", scenes, name="console-scenes"),
    path("console/licences/scenes/new/", new, name="console-scene-new"),
    path("console/licences/scenes/<uuid:scene_id>/", scene, name="console-scene"),
    path("console/licences/scenes/<uuid:scene_id>/<slug:deed>/", doing, name="console-scene-deed"),
]
