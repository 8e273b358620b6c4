"""Remarks beside a place of a draft, and who has it open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting.errors import CommentRefused, DraftNotFound
from tongban.foundation.drafting.models import Comment, Draft, Presence
from tongban.foundation.drafting.queries import may_edit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

from .checks import is_pointer
from .reach import locked

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

State = Draft.State


@transaction.atomic
def comment(*, actor: Actor, draft_id: UUID, path: str, text: str) -> Comment:
    """Leave a remark beside a place; also while the draft is in review."""
    draft = locked(actor, draft_id, State.OPEN, State.IN_REVIEW)
    made = _written(actor, draft, path=path, text=text)
    record("drafting.commented", actor=actor, subject=draft, data={"path": path})
    return made


@transaction.atomic
def reply(*, actor: Actor, comment_id: UUID, text: str) -> Comment:
    """Answer a remark; an answer to an answer stands below the remark too."""
    to = find(Comment.objects.select_related("reply_to"), pk=comment_id)
    draft = locked(actor, to.draft_id, State.OPEN, State.IN_REVIEW)
    made = _written(actor, draft, path=to.path, text=text, reply_to=to.reply_to or to)
    record("drafting.commented", actor=actor, subject=draft, data={"path": to.path, "reply": True})
    return made


def _written(actor: Actor, draft: Draft, *, path: str, text: str, reply_to: Comment | None = None) -> Comment:
    text = text.strip()
    if not text or len(text) > 1000 or "\x00" in text:
        raise CommentRefused(reasons=[Reason("comment_text", _("请写下批注，最多1000字。"), "text")])
    if not is_pointer(path):
        raise CommentRefused(reasons=[Reason("comment_path", _("批注的位置不对，请刷新页面后再试。"), "path")])
    return Comment.objects.create(draft=draft, path=path, text=text, by=actor.account_id, at=now(), reply_to=reply_to)


@transaction.atomic
def resolve(*, actor: Actor, comment_id: UUID) -> Comment:
    """Say that a remark is dealt with."""
    return _settled(actor, comment_id, "drafting.resolved", by=actor.account_id, at=now())


@transaction.atomic
def reopen(*, actor: Actor, comment_id: UUID) -> Comment:
    return _settled(actor, comment_id, "drafting.reopened", by=None, at=None)


def _settled(actor: Actor, comment_id: UUID, fact: str, *, by: UUID | None, at: Any) -> Comment:
    found = find(Comment.objects.select_for_update(), pk=comment_id, reply_to=None)
    draft = locked(actor, found.draft_id, State.OPEN, State.IN_REVIEW)
    found.resolved_by, found.resolved_at = by, at
    found.save(update_fields=["resolved_by", "resolved_at"])
    record(fact, actor=actor, subject=draft, data={"path": found.path})
    return found


def arrive(*, actor: Actor, draft_id: UUID, path: str = "") -> None:
    """Say that the actor has the draft open, and at which place. No fact: it is forgotten in a minute."""
    draft = find(Draft.objects.select_related("department"), pk=draft_id)
    if not may_edit(actor, draft):
        raise DraftNotFound
    Presence.objects.update_or_create(
        draft=draft, account=actor.account_id, defaults={"path": path[:300], "seen_at": now()}
    )
