"""The register of seals: the list, one seal with its history, what may be done with it, the lists for 备案."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import Conflict, NotFound, Refused, TongbanError
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import id_typed
from tongban.foundation.seals import actions, queries
from tongban.foundation.seals.models import Application, Seal

from . import words
from .typed import sheet

SEE = queries.SEE


@audience(STAFF, SEE)
@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    typed = request.GET
    filters = {name: typed.get(name, "").strip()[:40] for name in ("text", "kind", "state")}
    page = queries.seals(request.actor, filters=filters, cursor=typed.get("cursor", ""))
    context = words.ALL | {
        "page": page,
        "typed": typed,
        "keepers": staff_names(seal.keeper_id for seal in page if seal.keeper_id),
        "last": queries.last_used(seal.pk for seal in page),
        "may_apply": queries.APPLY in request.actor.grants,
    }
    return render(request, "seals/console/list.html", context)


def _make(request: HttpRequest, seal_id: UUID) -> None:
    actions.make_seal(actor=request.actor, seal_id=seal_id)


def _register(request: HttpRequest, seal_id: UUID) -> None:
    actions.register_seal(actor=request.actor, seal_id=seal_id)


def _suspend(request: HttpRequest, seal_id: UUID) -> None:
    actions.suspend_seal(actor=request.actor, seal_id=seal_id, reason=request.POST.get("reason", ""))


def _resume(request: HttpRequest, seal_id: UUID) -> None:
    actions.resume_seal(actor=request.actor, seal_id=seal_id, reason=request.POST.get("reason", ""))


def _hand_over(request: HttpRequest, seal_id: UUID) -> None:
    keeper_id = id_typed(request.POST.get("keeper", "")) or UUID(int=0)
    actions.hand_over(actor=request.actor, seal_id=seal_id, keeper_id=keeper_id, reason=request.POST.get("reason", ""))


def _change(request: HttpRequest, seal_id: UUID) -> None:
    given = {name: request.POST.get(name, "") for name in ("reason", "document")}
    kind = "cancel" if request.POST.get("act") == "cancel" else "replace"
    actions.apply_to_change(actor=request.actor, seal_id=seal_id, kind=kind, **given)


# What the buttons of a seal's page do, and what is said when it is done.
ACTS: dict[str, tuple[Any, Any]] = {
    "make": (_make, gettext_lazy("已制作。核对图样后办理备案，才能使用。")),
    "register": (_register, gettext_lazy("已备案，可以使用。")),
    "suspend": (_suspend, gettext_lazy("已停用，从现在起不能再盖这枚印章。")),
    "resume": (_resume, gettext_lazy("已恢复使用。")),
    "hand_over": (_hand_over, gettext_lazy("已移交。")),
    "replace": (_change, gettext_lazy("已提交，等待审核。")),
    "cancel": (_change, gettext_lazy("已提交，等待审核。")),
}


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: HttpRequest, seal_id: UUID) -> HttpResponse:
    """One seal: how it looks, who keeps it, its history, and what this officer may do with it."""
    queries.seal_for_actor(request.actor, seal_id)
    if request.method != "POST":
        return _seal(request, seal_id)
    act, said = ACTS.get(request.POST.get("act", ""), (None, ""))
    if act is None:
        raise NotFound
    try:
        act(request, seal_id)
    except (Refused, Conflict) as error:
        return _seal(request, seal_id, error)
    messages.success(request, said)
    return redirect("console-seal", seal_id)


def _seal(request: HttpRequest, seal_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    whole = queries.whole_seal(request.actor, seal_id)
    story = queries.story_of(whole)
    kept = list(whole.custodies.all())
    people = {event.by for event in story} | {row.keeper_id for row in kept} | {whole.keeper_id, whole.holder_id}
    names: dict[Any, str] = dict(staff_names(one for one in people if one))
    context = words.ALL | {
        "seal": whole,
        "editions": list(whole.editions.all()),
        "kept": [(row, names.get(row.keeper_id, "")) for row in kept],
        "keeper": names.get(whole.keeper_id, ""),
        "story": [(event, words.EVENTS[event.what], names.get(event.by, "")) for event in reversed(story)],
        "reason": next((row.reason for row in whole.standings.all() if row.until is None), ""),
        "may": _may(request, whole),
        "keepers": [one for one in actions.may_keep(whole.department_id) if one[0] != whole.keeper_id],
        "uses": queries.uses(request.actor, filters={"seal": whole.pk}, size=5),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "seals/console/seal.html", context, status=error.status if error else 200)


def _may(request: HttpRequest, whole: Seal) -> dict[str, bool]:
    """Which buttons make sense; the action asks again."""
    actor, office, division = request.actor, whole.department_id, whole.department.division_id
    reviews, applies, uses = (
        may(actor, verb, department_id=office, division=division)
        for verb in (queries.REVIEW, queries.APPLY, queries.USE)
    )
    keeps, state = whole.keeper_id in actor.names, whole.state
    live = state in (Seal.State.IN_USE, Seal.State.SUSPENDED)
    newest = max(whole.editions.all(), key=lambda row: row.edition, default=None)
    applied = list(whole.applications.all())
    return {
        "make": reviews and (state == Seal.State.APPROVED or (live and _is_wanted(applied, newest))),
        "register": reviews and newest is not None and newest.in_force_from is None and state != "cancelled",
        "suspend": (reviews or applies or keeps) and state == Seal.State.IN_USE,
        "resume": reviews and state == Seal.State.SUSPENDED,
        "hand_over": (applies or keeps) and state != Seal.State.CANCELLED,
        "change": applies and live and not any(row.state == Application.State.WAITING for row in applied),
        "use": uses and state == Seal.State.IN_USE,
    }


def _is_wanted(applied: list[Application], newest: Any) -> bool:
    """Another making was approved after the newest there is."""
    approved = (row for row in applied if row.kind == "replace" and row.state == "approved" and row.decided_at)
    return newest is not None and any(row.decided_at > newest.made_at for row in approved if row.decided_at)


@audience(STAFF, SEE)
@require_safe
def picture(request: HttpRequest, seal_id: UUID) -> HttpResponse:
    """The picture as it is put on paper."""
    queries.seal_for_actor(request.actor, seal_id)
    answer = HttpResponse(queries.picture_of(seal_id).png, content_type="image/png")
    answer["Cache-Control"] = "private, max-age=60"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@audience(STAFF, SEE)
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """备案清单 and 实施清单 in one: which seals there are, what each is used for, who keeps it."""
    rows = list(queries.registered(request.actor)[: queries.MOST_SHOWN])
    keepers = staff_names(row.keeper_id for row in rows if row.keeper_id)
    return render(request, "seals/console/lists.html", words.ALL | {"rows": rows, "keepers": keepers})


@audience(STAFF, SEE)
@require_safe
def lists_export(request: HttpRequest) -> HttpResponse:
    actions.note_export(actor=request.actor, what="register")
    return sheet("seals", _register_rows(request))


def _register_rows(request: HttpRequest) -> Iterator[list[Any]]:
    rows = list(queries.registered(request.actor))
    keepers: dict[Any, str] = dict(staff_names(row.keeper_id for row in rows if row.keeper_id))
    yield [
        _("印章编码"),
        _("名称"),
        _("种类"),
        _("部门"),
        _("备案时间"),
        _("状态"),
        _("用途"),
        _("用印审批"),
        _("保管人"),
    ]
    for row in rows:
        yield [
            row.number,
            str(row),
            words.KINDS[row.kind],
            row.department.name,
            f"{localtime(row.registered_at):%Y-%m-%d %H:%M}",
            words.STATES[row.state],
            listed(str(words.USES[use]) for use in row.uses),
            words.CONTROLS[row.control],
            keepers.get(row.keeper_id, ""),
        ]
