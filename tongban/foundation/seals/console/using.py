"""Asking to use a seal, answering, using it; the log of uses; checking what bears a seal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.errors import Conflict, NotFound, Refused, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import id_typed
from tongban.foundation.seals import actions, queries
from tongban.foundation.seals.models import Request

from . import words
from .typed import count_of, digest_of, download, file_of, sheet, start_of


@audience(STAFF, queries.USE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, seal_id: UUID) -> HttpResponse:
    """Ask to put a seal on a document. Of the document only its digest is kept."""
    seal, typed = queries.seal_for_actor(request.actor, seal_id, verb=queries.USE), request.POST
    error: TongbanError | None = None
    if request.method == "POST":
        try:
            asked = actions.request_use(
                actor=request.actor,
                seal_id=seal_id,
                title=typed.get("title", ""),
                purpose=typed.get("purpose", ""),
                copies=count_of(typed.get("copies", "")),
                digest=digest_of(request, "document"),
            )
        except (Refused, Conflict) as refusal:
            error = refusal
        else:
            messages.success(request, _("已提交，等待审批。"))
            return redirect("console-seal-request", asked.pk)
    context = words.ALL | {"seal": seal, "typed": typed, "error": error}
    return render(request, "seals/console/ask.html", context, status=error.status if error else 200)


@audience(STAFF, queries.SEE)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")[:10]
    page = queries.requests(request.actor, state=state, cursor=request.GET.get("cursor", ""))
    context = words.ALL | {"page": page, "people": staff_names(row.asked_by for row in page), "state": state}
    return render(request, "seals/console/requests.html", context)


@audience(STAFF, queries.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: HttpRequest, seal_request_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _request(request, seal_request_id)
    act = request.POST.get("act", "")
    try:
        if act == "withdraw":
            actions.withdraw_request(actor=request.actor, request_id=seal_request_id)
        elif act in ("agree", "refuse"):
            text = request.POST.get("words", "")
            actions.answer_request(actor=request.actor, request_id=seal_request_id, agrees=act == "agree", words=text)
        else:
            raise NotFound
    except (Refused, Conflict) as error:
        return _request(request, seal_request_id, error)
    messages.success(request, _("已办理。"))
    return redirect("console-seal-request", seal_request_id)


def _request(request: HttpRequest, request_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    asked = queries.request_for(request.actor, request_id)
    opinions = list(asked.opinions.all())
    people = staff_names({asked.asked_by, *(row.account_id for row in opinions)})
    mine = asked.asked_by in request.actor.names
    open_still = asked.state in (Request.State.APPROVED, Request.State.USED) and asked.used < asked.copies
    context = words.ALL | {
        "asked": asked,
        "opinions": [(row, people.get(row.account_id, "")) for row in opinions],
        "asker": people.get(asked.asked_by, ""),
        "may_answer": actions.may_answer(request.actor, asked),
        "may_withdraw": mine and not asked.used and asked.state in (Request.State.WAITING, Request.State.APPROVED),
        "may_use": open_still and bool({asked.asked_by, asked.seal.keeper_id} & request.actor.names),
        "left": asked.copies - asked.used,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "seals/console/request.html", context, status=error.status if error else 200)


@audience(STAFF, queries.SEE)
@require_POST
def use(request: HttpRequest, seal_request_id: UUID) -> HttpResponse:
    """Put the seal on the document handed in; the signature comes as a file to keep beside it."""
    digest = digest_of(request, "document")
    try:
        der = actions.use_seal(actor=request.actor, request_id=seal_request_id, digest=bytes.fromhex(digest))
    except (Refused, Conflict) as error:
        return _request(request, seal_request_id, error)
    return download(der, f"seal-{str(seal_request_id)[-8:]}.dat")


def _filters(request: HttpRequest) -> dict[str, Any]:
    typed = request.GET
    return {
        "text": typed.get("text", "").strip()[:80],
        "seal": id_typed(typed.get("seal", "")),
        "since": start_of(typed.get("since", "")),
        "until": start_of(typed.get("until", ""), days=1),
    }


@audience(STAFF, queries.SEE)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    page = queries.uses(request.actor, filters=_filters(request), cursor=request.GET.get("cursor", ""))
    people = staff_names(row.account_id for row in page if row.account_id)
    context = words.ALL | {"page": page, "people": people, "typed": request.GET}
    return render(request, "seals/console/log.html", context)


@audience(STAFF, queries.SEE)
@require_safe
def log_export(request: HttpRequest) -> HttpResponse:
    actions.note_export(actor=request.actor, what="uses")
    return sheet("seal-uses", _log_rows(request))


def _log_rows(request: HttpRequest) -> Iterator[list[Any]]:
    rows = list(queries.uses_to_export(request.actor, _filters(request)))
    people = staff_names(row.account_id for row in rows if row.account_id)
    yield [_("时间"), _("印章编码"), _("印章"), _("用途"), _("文件"), _("对象"), _("何人"), _("算法"), _("摘要值")]
    for row in rows:
        yield [
            f"{localtime(row.at):%Y-%m-%d %H:%M:%S}",
            row.seal.number,
            str(row.seal),
            row.purpose,
            row.request.title if row.request else "",
            row.subject,
            people.get(row.account_id, "") if row.account_id else _("系统"),
            row.algorithm,
            row.digest,
        ]


@audience(STAFF, queries.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """A document and the signature beside it, judged step by step."""
    steps = None
    if request.method == "POST":
        content, signature = file_of(request, "document"), file_of(request, "signature")
        steps = queries.judge_signature(signature, bytes.fromhex(sm3(content)))
    return render(request, "seals/console/check.html", {"steps": steps, "good": all(one.ok for one in steps or [])})
