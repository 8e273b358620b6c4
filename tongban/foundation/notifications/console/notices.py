"""The department's own notices (通知模板): the list, the editor with its live preview, the review by a colleague."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.drafting.actions import trash
from tongban.foundation.drafting.queries import can_undo, draft_for, drafts_of, open_comments
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.foundation.notifications.actions import (
    begin_notice,
    hand_in_notice,
    publish_notice,
    recall_notice,
    return_notice,
    roll_back_notice,
    use_standard_notice,
)
from tongban.foundation.notifications.errors import NoticeRefused, reasons_of
from tongban.foundation.notifications.models import MessageTemplate
from tongban.foundation.notifications.queries import (
    KIND,
    VERB,
    fields_of_notice,
    name_of_notice,
    notice_codes,
    notice_versions,
    own_notice,
    own_notices,
    own_standing,
    standard_notice,
)
from tongban.foundation.notifications.rules import faults_of_text, legible, measured, preview_of, written
from tongban.foundation.notifications.sentences import PARTS, differences

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft

Status = MessageTemplate.Status


@audience(STAFF, VERB)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What each step of a case tells the applicant: the standard text, and what the department has made of it."""
    actor = request.actor
    own: dict[str, list[MessageTemplate]] = {}
    rows = own_notices(actor).filter(status__in=[Status.PUBLISHED, Status.IN_REVIEW])
    for row in rows.order_by("code", "-version"):
        own.setdefault(row.code, []).append(row)
    drafts = {draft.key.partition(":")[0]: draft for draft in drafts_of(actor, KIND, verb=VERB, state="open")}
    shown = [
        {
            "code": code,
            "name": name_of_notice(code),
            "own": _newest(own.get(code, [])),
            "draft": drafts.get(code),
        }
        for code in notice_codes()
    ]
    return render(request, "notifications/console/list.html", {"rows": shown})


def _newest(versions: list[MessageTemplate]) -> list[MessageTemplate]:
    """The one in force, what waits for its day, and what waits for review."""
    published = [row for row in versions if row.status == Status.PUBLISHED]
    in_force = next((row for row in published if row.effective_on <= today()), None)
    coming = [row for row in published if row.effective_on > today()]
    waiting = [row for row in versions if row.status == Status.IN_REVIEW]
    return [*waiting, *coming, *([in_force] if in_force else [])]


@audience(STAFF, VERB)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    return redirect("console-notice-draft", begin_notice(actor=request.actor, code=request.POST.get("code", "")).pk)


def _draft(request: HttpRequest, notice_draft_id: UUID) -> Draft:
    return draft_for(request.actor, notice_draft_id, kind=KIND)


@audience(STAFF, VERB)
@require_safe
def editor(request: HttpRequest, notice_draft_id: UUID) -> HttpResponse:
    return render(request, "notifications/console/editor.html", _editor(request, _draft(request, notice_draft_id)))


def _editor(request: HttpRequest, draft: Draft, error: NoticeRefused | None = None) -> dict[str, Any]:
    undo, redo = can_undo(request.actor, draft.pk)
    code, remarks = draft.key.partition(":")[0], open_comments(request.actor, draft.pk)
    fields, content, standard = fields_of_notice(code), legible(draft.content), standard_notice(code)
    faults = reasons_of(faults_of_text(draft.content, fields, settings.SMS_SIGN))
    return {
        "draft": draft,
        "error": error,
        "can_undo": undo,
        "can_redo": redo,
        "remarks": sum(remarks.values()),
        "name": name_of_notice(code),
        "content": content,
        "parts": [
            {
                "name": part,
                "label": PARTS[part],
                "text": content[part],
                "errors": [reason.text for reason in faults if reason.field == part],
            }
            for part in PARTS
        ],
        "fields": fields,
        "reasons": faults,
        "must": standard.get("must"),
        **_looks(content, code),
    }


def _looks(content: dict[str, Any], code: str) -> dict[str, Any]:
    """The three things people get, filled with samples; the SMS with its length and its segments."""
    fields, standard = fields_of_notice(code), standard_notice(code)
    texts = {part: preview_of(content[part], fields) for part in PARTS}
    sms = texts["sms"] or texts["body"]
    length, segments = measured(sms, settings.SMS_SIGN)
    ways = standard.get("ways") or [] if standard.get("must") else None
    return {
        "looks": {**texts, "sms": sms, "email": texts["email"] or texts["body"]},
        "sign": settings.SMS_SIGN,
        "length": length,
        "segments": segments,
        "by_sms": "sms" in ways if ways is not None else content["by_sms"],
        "by_email": "email" in ways if ways is not None else content["by_email"],
    }


@audience(STAFF, VERB)
@require_safe
def aside(request: HttpRequest, notice_draft_id: UUID) -> HttpResponse:
    """The findings and the preview, asked for again when the draft has changed."""
    return render(request, "notifications/console/aside.html", _editor(request, _draft(request, notice_draft_id)))


@audience(STAFF, VERB)
@require_POST
def hand_in(request: HttpRequest, notice_draft_id: UUID) -> HttpResponse:
    draft = _draft(request, notice_draft_id)
    try:
        template = hand_in_notice(actor=request.actor, draft_id=draft.pk)
    except NoticeRefused as error:
        return render(request, "notifications/console/editor.html", _editor(request, draft, error), status=422)
    messages.success(request, _("已提交审核。请另一位同事核对后发布。"))
    return redirect("console-notice-version", template.pk)


@audience(STAFF, VERB)
@require_POST
def discard(request: HttpRequest, notice_draft_id: UUID) -> HttpResponse:
    """Into the trash; what is in force goes on."""
    trash(actor=request.actor, draft_id=_draft(request, notice_draft_id).pk)
    messages.success(request, _("草稿已放进回收站。"))
    return redirect("console-notices")


@audience(STAFF, VERB)
@require_safe
def version(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    return _version(request, notice_id)


def _version(request: HttpRequest, notice_id: UUID, error: NoticeRefused | None = None) -> HttpResponse:
    template = own_notice(request.actor, notice_id)
    fields, code = fields_of_notice(template.code), template.code
    standing = own_standing(template.department_id, code)  # type: ignore[arg-type]
    before = standing.content if standing else standard_notice(code)
    after = standard_notice(code) if template.content.get("standard") else template.content
    versions = notice_versions(request.actor, code)
    context = {
        "template": template,
        "name": name_of_notice(code),
        "error": error,
        "typed": request.POST,
        "today": today().isoformat(),
        "mine": template.drafted_by in request.actor.names,
        "differences": differences(written(before, fields), written(after, fields)) if template != standing else [],
        "versions": versions,
        "standing": standing,
        "names": staff_names({one for row in versions for one in (row.drafted_by, row.reviewed_by) if one}),
        "old": template.status == Status.PUBLISHED and template != standing,
        "must": standard_notice(code).get("must"),
        **_looks(written(after, fields), code),
    }
    return render(request, "notifications/console/version.html", context, status=422 if error else 200)


@audience(STAFF, VERB)
@require_POST
def answer(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Publish, return, take back, or bring an older text (or the standard) back; what is refused is told beside it."""
    do = ANSWERS.get(request.POST.get("answer", ""), _publish)
    try:
        template, told = do(request, notice_id)
    except NoticeRefused as error:
        return _version(request, notice_id, error)
    messages.success(request, told)
    if template.status == Status.WITHDRAWN:
        return redirect("console-notices")
    return redirect("console-notice-version", template.pk)


def _publish(request: HttpRequest, notice_id: UUID) -> tuple[MessageTemplate, str]:
    day = day_typed(request.POST.get("effective_on", ""))
    return publish_notice(actor=request.actor, template_id=notice_id, effective_on=day), _(
        "已发布。从生效日起，本部门的办件用这一版通知申请人。"
    )


def _return(request: HttpRequest, notice_id: UUID) -> tuple[MessageTemplate, str]:
    reason = request.POST.get("reason", "")
    return return_notice(actor=request.actor, template_id=notice_id, reason=reason), _("已退回，起草人会收到消息。")


def _recall(request: HttpRequest, notice_id: UUID) -> tuple[MessageTemplate, str]:
    return recall_notice(actor=request.actor, template_id=notice_id), _("已收回。")


def _roll_back(request: HttpRequest, notice_id: UUID) -> tuple[MessageTemplate, str]:
    reason = request.POST.get("reason", "")
    template = roll_back_notice(actor=request.actor, template_id=notice_id, reason=reason)
    return template, _("已做成新的一版，等待另一位同事审核。")


def _use_standard(request: HttpRequest, notice_id: UUID) -> tuple[MessageTemplate, str]:
    code, reason = own_notice(request.actor, notice_id).code, request.POST.get("reason", "")
    template = use_standard_notice(actor=request.actor, code=code, reason=reason)
    return template, _("已做成新的一版，等待另一位同事审核。")


ANSWERS: dict[str, Callable[[HttpRequest, UUID], tuple[MessageTemplate, str]]] = {
    "publish": _publish,
    "return": _return,
    "recall": _recall,
    "roll-back": _roll_back,
    "use-standard": _use_standard,
}

HERE = "console/notices/"
urlpatterns = [
    path(HERE, notices, name="console-notices"),
    path(f"{HERE}begin/", begin, name="console-notice-begin"),
    path(f"{HERE}<uuid:notice_draft_id>/", editor, name="console-notice-draft"),
    path(f"{HERE}<uuid:notice_draft_id>/aside/", aside, name="console-notice-aside"),
    path(f"{HERE}<uuid:notice_draft_id>/hand-in/", hand_in, name="console-notice-hand-in"),
    path(f"{HERE}<uuid:notice_draft_id>/discard/", discard, name="console-notice-discard"),
    path(f"{HERE}versions/<uuid:notice_id>/", version, name="console-notice-version"),
    path(f"{HERE}versions/<uuid:notice_id>/answer/", answer, name="console-notice-answer"),
]
