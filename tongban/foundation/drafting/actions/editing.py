"""Beginning a draft, and every change of its document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting.errors import DraftUnderWay, EditConflict, EditRefused, NothingToUndo
from tongban.foundation.drafting.models import Draft, Edit
from tongban.foundation.drafting.queries import own_entries
from tongban.foundation.drafting.rules import (
    BadPatch,
    Entry,
    Outcome,
    perform,
    standing_since,
    tidied,
    tidied_ops,
    touches,
    undoable,
    value_at,
)
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.organisations.queries import department

from .checks import refuse_malformed, refuse_unkeepable
from .reach import locked

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

State, Kind = Draft.State, Edit.Kind


@dataclass(frozen=True)
class Edited:
    """What became of an edit: the revision, the document, and the edits of others its author had not seen."""

    revision: int
    content: Any
    ops_by_others: list[dict[str, Any]]
    edit: Edit


@transaction.atomic
def begin(
    *,
    actor: Actor,
    kind: str,
    key: str,
    title: str,
    department_id: UUID,
    verb: str,
    content: dict[str, Any],
    base: dict[str, Any] | None = None,
    base_ref: str = "",
) -> Draft:
    """Open a draft. `DraftUnderWay` when there is one of the same thing already."""
    office = department(department_id)
    permit(actor, verb, department_id=office.pk, division=office.division_id)
    refuse_unkeepable(content)
    title, content = tidied(title), tidied(content)
    if under_way := Draft.objects.filter(kind=kind, key=key, state__in=[State.OPEN, State.IN_REVIEW]).first():
        raise DraftUnderWay(draft_id=under_way.pk)
    draft = Draft.objects.create(
        kind=kind, key=key, title=title[:300], department=office, verb=verb, content=content, base=base,
        base_ref=base_ref, created_by=actor.account_id, created_at=now(), updated_by=actor.account_id, updated_at=now(),
    )  # fmt: skip
    record("drafting.begun", actor=actor, subject=draft, data={"kind": kind, "base_ref": base_ref})
    return draft


@transaction.atomic
def edit(
    *, actor: Actor, draft_id: UUID, revision: int, ops: Sequence[dict[str, Any]], label: str = "", token: str = ""
) -> Edited:
    """Change the document as its author saw it at `revision`; all of `ops` or none.

    `EditConflict` when somebody touched the same places since; `EditRefused` when `ops` do not fit the document.
    With a `token` an edit that is sent again, because its answer was lost, is done once.
    """
    draft = locked(actor, draft_id)
    refuse_malformed(ops)
    ops = tidied_ops(ops)
    if token and (before := draft.edits.filter(token=token[:60]).first()):
        return Edited(draft.revision, draft.content, _of_others(draft.edits.filter(number__gt=before.number)), before)
    since = list(draft.edits.filter(number__gt=revision))
    if conflicts := _conflicts(draft, since, ops):
        raise EditConflict(conflicts=conflicts)
    return _perform(actor, draft, ops, since=since, label=label, token=token[:60])


def _of_others(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    return [op for row in edits for op in row.ops]


@transaction.atomic
def undo(*, actor: Actor, draft_id: UUID) -> Edited:
    """Take back the actor's own last edit, unless others have changed the same places since."""
    return _take_back(actor, draft_id, Kind.UNDO)


@transaction.atomic
def redo(*, actor: Actor, draft_id: UUID) -> Edited:
    """Do again what the actor undid last."""
    return _take_back(actor, draft_id, Kind.REDO)


def _take_back(actor: Actor, draft_id: UUID, kind: Edit.Kind) -> Edited:
    draft = locked(actor, draft_id)
    number = undoable(own_entries(draft.pk, actor.account_id))[kind == Kind.REDO]
    if number is None:
        raise NothingToUndo
    target = draft.edits.get(number=number)
    later = list(draft.edits.filter(number__gt=number).select_related("of"))
    numbers = {entry.number for entry in standing_since(_entry(row) for row in later)}
    standing = [row for row in later if row.number in numbers]
    if conflicts := _conflicts(draft, standing, target.inverse):
        raise EditConflict(conflicts=conflicts)
    return _perform(actor, draft, target.inverse, since=[], kind=kind, of=target, label=target.label)


def _entry(row: Edit) -> Entry:
    return Entry(row.number, row.kind, row.of.number if row.of else None, tuple(row.marks))


def _perform(
    actor: Actor, draft: Draft, ops: Sequence[dict[str, Any]], *, since: list[Edit], label: str, **how: Any
) -> Edited:
    try:
        done = perform(draft.content, ops)
    except BadPatch as fault:
        raise EditRefused(
            reasons=[Reason(f"edit_{fault.why}", _("这一处已经不在草稿里，或者内容不对。"), fault.path)]
        ) from None
    refuse_unkeepable(done.content)
    made = _keep(actor, draft, done, label=label, **how)
    return Edited(draft.revision, draft.content, _of_others(since), made)


def _keep(
    actor: Actor,
    draft: Draft,
    done: Outcome,
    *,
    label: str,
    kind: Edit.Kind = Kind.EDIT,
    of: Edit | None = None,
    token: str = "",
) -> Edit:
    draft.content = done.content
    draft.revision += 1
    draft.updated_by, draft.updated_at = actor.account_id, now()
    draft.save(update_fields=["content", "revision", "updated_by", "updated_at"])
    return Edit.objects.create(
        draft=draft, number=draft.revision, by=actor.account_id, at=draft.updated_at, ops=done.ops,
        inverse=done.inverse, marks=done.marks, kind=kind, of=of, label=label[:100], token=token,
    )  # fmt: skip


def _conflicts(draft: Draft, since: list[Edit], ops: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each place of `ops` that somebody touched since: who, when, what stands there now and what was wanted."""
    found: dict[str, Edit] = {}
    for row in since:
        for path in touches(row.marks, ops):
            found[path] = row
    names = staff_names({row.by for row in found.values() if row.by}) if found else {}
    wanted = {op["path"]: op.get("value") for op in ops}
    return [
        {
            "path": path,
            "by": names.get(row.by, "") if row.by else "",
            "by_id": str(row.by or ""),
            "at": row.at.isoformat(),
            "theirs": _value(draft.content, path),
            "mine": wanted.get(path),
        }
        for path, row in found.items()
    ]


def _value(content: Any, path: str) -> Any:
    try:
        return value_at(content, path)
    except BadPatch:
        return None


@transaction.atomic
def rename(*, actor: Actor, draft_id: UUID, title: str) -> Draft:
    """Follow the name the document gives itself; told by the owning room."""
    draft = locked(actor, draft_id)
    draft.title = title[:300]
    draft.save(update_fields=["title"])
    return draft
