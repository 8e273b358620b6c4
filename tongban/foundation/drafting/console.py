"""The ways into a draft from a page: JSON for the script that edits, pieces of HTML for comments, a page for the history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.pages import STAFF, audience, json_body

from . import actions
from .errors import EditConflict, EditRefused
from .models import Draft, Edit
from .queries import can_undo, comments_of, draft_for, edits_of, edits_since, names_of, others_in
from .sentences import link_to, place_of, plain, sentences_of


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON that was posted, or `EditRefused`."""
    body = json_body(request)
    if body is None:
        raise EditRefused(reasons=[Reason("edit_malformed", _("这次改动的格式不对。"))])
    return body


def _told(request: HttpRequest, draft_id: UUID, done: actions.Edited) -> JsonResponse:
    """What the page needs after an edit; the document only when it holds more than the page already knows."""
    undo, redo = can_undo(request.actor, draft_id)
    answer: dict[str, Any] = {
        "revision": done.revision,
        "saved_at": done.edit.at.astimezone(SHANGHAI).strftime("%H:%M:%S"),
        "ops": done.edit.ops,
        "undo": undo,
        "redo": redo,
    }
    if done.ops_by_others or done.edit.kind != "edit":
        answer |= {"content": done.content, "others": done.ops_by_others}
    return JsonResponse(answer)


def _conflict(draft: Draft, error: EditConflict) -> JsonResponse:
    """The conflict told field by field, with words for each place and both values."""
    conflicts = [
        one
        | {"place": place_of(draft, one["path"]), "theirs_text": plain(one["theirs"]), "mine_text": plain(one["mine"])}
        for one in error.conflicts
    ]
    answer = {"code": error.code, "title": str(error.text), "conflicts": conflicts, "revision": draft.revision}
    return JsonResponse(answer | {"content": draft.content}, status=error.status)


@audience(STAFF)
@require_POST
def edit(request: HttpRequest, document_id: UUID) -> HttpResponse:
    draft = draft_for(request.actor, document_id)
    body = _body(request)
    revision, ops = body.get("revision"), body.get("ops")
    label, token = str(body.get("label") or ""), str(body.get("token") or "")
    if not isinstance(revision, int) or not isinstance(ops, list):
        raise EditRefused(reasons=[Reason("edit_malformed", _("这次改动的格式不对。"))])
    try:
        done = actions.edit(
            actor=request.actor, draft_id=draft.pk, revision=revision, ops=ops, label=label, token=token
        )
    except EditConflict as error:
        return _conflict(draft_for(request.actor, document_id), error)
    return _told(request, draft.pk, done)


@audience(STAFF)
@require_POST
def undo(request: HttpRequest, document_id: UUID) -> HttpResponse:
    return _taken_back(request, document_id, actions.undo)


@audience(STAFF)
@require_POST
def redo(request: HttpRequest, document_id: UUID) -> HttpResponse:
    return _taken_back(request, document_id, actions.redo)


def _taken_back(request: HttpRequest, document_id: UUID, act: Any) -> HttpResponse:
    draft = draft_for(request.actor, document_id)
    try:
        return _told(request, draft.pk, act(actor=request.actor, draft_id=draft.pk))
    except EditConflict as error:
        return _conflict(draft_for(request.actor, document_id), error)


@audience(STAFF)
@require_POST
def presence(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Say that one is here; hear who else is, and what was done since the revision the page shows."""
    draft = draft_for(request.actor, document_id)
    body = _body(request)
    actions.arrive(actor=request.actor, draft_id=draft.pk, path=str(body.get("path") or ""))
    others = [
        {"name": other.name, "place": place_of(draft, other.path) if other.path else "", "path": other.path}
        for other in others_in(request.actor, draft.pk)
    ]
    answer: dict[str, Any] = {"revision": draft.revision, "state": draft.state, "others": others}
    known = body.get("revision")
    if isinstance(known, int) and 0 <= known < draft.revision:
        answer |= _missed(draft, edits_since(request.actor, draft.pk, known))
    return JsonResponse(answer)


def _missed(draft: Draft, missed: list[Edit]) -> dict[str, Any]:
    """What the page did not see, as operations, as sentences (the last few), and the document."""
    names = names_of(missed)
    news = [
        f"{names.get(row.by, '')}：{sentence}。" for row in missed[-3:] for sentence in sentences_of(draft, row)[:2]
    ]
    return {"ops": [op for row in missed for op in row.ops], "news": news, "content": draft.content}


def _comments(request: HttpRequest, draft: Draft, status: int = 200) -> HttpResponse:
    where = request.GET.get("path")
    found = comments_of(request.actor, draft.pk, where)
    names = names_of([*found, *(answer for one in found for answer in one.replies.all())])
    rows = [
        {
            "comment": one,
            "by": names.get(one.by, ""),
            "place": place_of(draft, one.path),
            "url": link_to(draft, one.path),
            "replies": [(answer, names.get(answer.by, "")) for answer in one.replies.all()],
        }
        for one in found
    ]
    context = {"draft": draft, "rows": rows, "path": where or "", "place": place_of(draft, where) if where else ""}
    return render(request, "drafting/comments.html", context, status=status)


@audience(STAFF)
def comments(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The remarks of the whole draft or of one place (`?path=`); a POST adds one."""
    draft = draft_for(request.actor, document_id)
    if request.method == "POST":
        where = request.GET.get("path", "")
        actions.comment(actor=request.actor, draft_id=draft.pk, path=where, text=request.POST.get("text", ""))
    return _comments(request, draft)


@audience(STAFF)
@require_POST
def answer_comment(request: HttpRequest, document_id: UUID, comment_id: UUID, verb: str) -> HttpResponse:
    """Reply to a remark, or say that it is dealt with, or not after all."""
    draft = draft_for(request.actor, document_id)
    if verb == "reply":
        actions.reply(actor=request.actor, comment_id=comment_id, text=request.POST.get("text", ""))
    else:
        {"resolve": actions.resolve, "reopen": actions.reopen}[verb](actor=request.actor, comment_id=comment_id)
    return _comments(request, draft)


@audience(STAFF)
@require_safe
def history(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Who changed what, newest first, as sentences."""
    draft = draft_for(request.actor, document_id)
    page = edits_of(request.actor, draft.pk, cursor=request.GET.get("cursor", ""))
    names = names_of(page.rows)
    rows = [(one, names.get(one.by, ""), sentences_of(draft, one)) for one in page]
    context = {"draft": draft, "page": page, "rows": rows, "back": link_to(draft, "")}
    return render(request, "drafting/history.html", context)


HERE = "console/drafting/<uuid:document_id>/"
urlpatterns = [
    path(f"{HERE}edit/", edit, name="drafting-edit"),
    path(f"{HERE}undo/", undo, name="drafting-undo"),
    path(f"{HERE}redo/", redo, name="drafting-redo"),
    path(f"{HERE}presence/", presence, name="drafting-presence"),
    path(f"{HERE}comments/", comments, name="drafting-comments"),
    *[
        path(f"{HERE}comments/<uuid:comment_id>/{verb}/", answer_comment, {"verb": verb}, name=f"drafting-{verb}")
        for verb in ("reply", "resolve", "reopen")
    ],
    path(f"{HERE}history/", history, name="drafting-history"),
]
