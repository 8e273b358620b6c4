"""Writing an application: saved as one types, resumed anywhere, never lost when the item changes meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.lookup import find
from tongban.services.cases.errors import CaseRefused, DraftMoved
from tongban.services.cases.models import Draft, Help
from tongban.services.cases.queries import draft_for, earlier_files, offers_of, stand_ins_of
from tongban.services.cases.rules import EARLIER, LICENCE, PROMISE, WITH_FILE, handed_in, move_answers, tolerance_days
from tongban.services.items.queries import content_of, published

from .filing import attach, detach, own_files, stored
from .visitors import forget_old_visits

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.items.models import ItemVersion
    from tongban.services.licences.queries import Brief

MOST_ROWS = 20  # files of one material


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    item_code: str = "",
    draft_id: UUID | str | None = None,
    situation: dict[str, Any] | None = None,
    answers: dict[str, Any] | None = None,
    sources: dict[str, Any] | None = None,
    delivery_wish: dict[str, Any] | None = None,
    version: UUID | str | None = None,
    revision: int | None = None,
) -> Draft:
    """Begin a draft of an item, or keep what was typed into one; what is None stays as it was.

    `revision` is the one the page was drawn from: when another device saved since, `DraftMoved`. `version` is the item
    version the page shows (today's for a new draft). Nothing is checked here: half an answer is worth keeping.
    """
    permit(actor, "cases.apply", owner_id=actor.applicant_id, department_id=actor.department_id)
    draft = editable(actor, draft_id) if draft_id else _own(actor, item_code)
    if revision is not None and draft_id and revision != draft.revision:
        raise DraftMoved
    given = {"situation": situation, "answers": answers, "sources": sources, "delivery_wish": delivery_wish}
    for name, value in given.items():
        if value is not None:
            setattr(draft, name, value)
    if version is not None:
        draft.item_version_id = UUID(str(version))
    return saved(draft)


def _own(actor: Actor, item_code: str) -> Draft:
    if actor.applicant_id is None:
        raise NotAllowed(verb="cases.apply")
    return begun(actor, published(item_code), actor.kind, actor.applicant_id)


def begun(actor: Actor, version: ItemVersion, applicant_kind: str, applicant_id: UUID) -> Draft:
    """A new draft, the applicant's own or written for him at a counter."""
    draft = Draft(
        item_code=version.content["code"],
        item_version_id=version.pk,
        task_name=version.content["task_name"],
        applicant_kind=applicant_kind,
        applicant_id=applicant_id,
        account_id=actor.account_id,
        revision=0,
        saved_at=now(),
    )
    draft.save(force_insert=True)
    record("cases.drafted", actor=actor, subject=draft, data={"item": draft.item_code})
    return draft


def editable(actor: Actor, draft_id: UUID | str) -> Draft:
    """The draft, his to write and not yet submitted, locked."""
    own = draft_for(actor, draft_id)
    draft = find(Draft.objects.select_for_update(), pk=own.pk)
    if draft.case_id is not None:
        raise CaseRefused(
            _("这份申请已经提交，不能再修改。"), reasons=[Reason("cases.submitted", _("这份申请已经提交。"))]
        )
    return draft


def saved(draft: Draft) -> Draft:
    draft.revision += 1
    draft.saved_at = now()
    draft.save()
    return draft


@transaction.atomic
def attach_to_draft(
    *,
    actor: Actor,
    draft_id: UUID | str,
    key: str,
    way: str = "2",
    file_id: UUID | str | None = None,
    waive_mode: str = "",
    source: str = "",
    copies: int = 0,
    licence_id: UUID | str | None = None,
) -> Draft:
    """Put one file, paper, promise (容缺), licence or waiver to a material of the draft. A promise gets its date here.

    A file is the actor's to use, or one that the applicant handed in with an earlier case (way 6). `copies` counts paper;
    0 leaves it to the item. `licence_id`: which of several licences; None takes the first.
    """
    draft = editable(actor, draft_id)
    materials = {m["key"]: m for m in content_of(draft.item_version_id).get("materials") or ()}
    rows = list(draft.materials.get(key) or ())
    if key not in materials or len(rows) >= MOST_ROWS:
        text = _("办事指南里没有这份材料。") if key not in materials else _("一份材料最多上传20个文件。")
        raise CaseRefused(reasons=[Reason("cases.material_unknown", text, f"materials.{key}")])
    row: dict[str, Any] = {"way": way}
    if way == LICENCE:
        row, rows = _by_licence(actor, draft, materials[key], licence_id), []
    elif way in WITH_FILE:
        file = _file(actor, draft, materials[key], way, file_id)
        attach(file.pk, f"draft:{draft.pk}", draft.applicant_id, _departments_let_in(draft))
        row |= {"file_id": str(file.pk), "file_name": file.name, "source": source}
    else:
        rows = []
    if way == PROMISE:
        division = settings.CITY_DIVISION
        row["promised_on"] = add_working_days(
            today(), tolerance_days(materials[key]), calendar_of(division)
        ).isoformat()
    if waive_mode:
        row["waive_mode"] = waive_mode
    if copies:
        row["copies"] = copies
    kept = [other for other in rows if other["way"] in WITH_FILE]
    draft.materials = {**draft.materials, key: [*kept, row]}
    return saved(draft)


def _by_licence(actor: Actor, draft: Draft, material: dict[str, Any], licence_id: UUID | str | None) -> dict[str, Any]:
    offered = offers_of(draft, [material], actor).get(material["key"], [])
    licence = next((brief for brief in offered if licence_id is None or str(brief.id) == str(licence_id)), None)
    if licence is None:
        text = _("没有可用的电子证照，请上传：%(name)s") % {"name": material["name"]}
        raise CaseRefused(reasons=[Reason("cases.material_no_licence", text, f"materials.{material['key']}")])
    return _licence_row(licence)


def _licence_row(licence: Brief) -> dict[str, Any]:
    """What the draft remembers, so that it can be told should the licence fall away before it is handed in."""
    return {
        "way": LICENCE,
        "licence_id": str(licence.id),
        "family_id": str(licence.family_id),
        "name": licence.name,
    }


@transaction.atomic
def take_licences(*, actor: Actor, draft_id: UUID | str, materials: list[dict[str, Any]]) -> Draft:
    """Let licences stand for those of these materials that must be handed in, and for which nothing is there yet (免提交)."""
    draft = editable(actor, draft_id)
    standing = stand_ins_of(draft, materials, actor)
    taken = {
        material["key"]: [_licence_row(standing[material["key"]])]
        for material in materials
        if material["key"] in standing
        and not draft.materials.get(material["key"])
        and handed_in(material, (), stands=True)
    }
    if not taken:
        return draft
    draft.materials = {**draft.materials, **taken}
    return saved(draft)


def _file(actor: Actor, draft: Draft, material: dict[str, Any], way: str, file_id: UUID | str | None) -> Any:
    field = f"materials.{material['key']}"
    if way != EARLIER or actor.kind != "staff":
        return own_files(actor, [(field, file_id)])[str(file_id)]
    offered = earlier_files(actor, [material["name"]], draft).get(material["name"], [])
    if str(file_id) not in [one["file_id"] for one in offered]:
        text = _("没有找到这份以前交过的材料，请重新选择。")
        raise CaseRefused(reasons=[Reason("cases.file_unknown", text, field)])
    return stored(str(file_id))


def _departments_let_in(draft: Draft) -> list[UUID]:
    """Whose clerk writes in this draft now, and must see its files."""
    helps = Help.objects.filter(draft=draft, ended_at=None, visit__until__gt=now())
    return list(helps.values_list("visit__department_id", flat=True))


@transaction.atomic
def detach_from_draft(*, actor: Actor, draft_id: UUID | str, key: str, position: int | None = None) -> Draft:
    """Take one file (or all) away from a material of the draft."""
    draft = editable(actor, draft_id)
    rows = list(draft.materials.get(key) or ())
    gone = rows if position is None else rows[position : position + 1] if position >= 0 else []
    rows = [row for row in rows if row not in gone]
    for row in gone:
        if row.get("file_id"):
            detach(row["file_id"], f"draft:{draft.pk}")
    draft.materials = {**draft.materials, key: rows}
    return saved(draft)


@transaction.atomic
def renew_draft(*, actor: Actor, draft_id: UUID | str) -> Draft:
    """Move a draft to today's version of its item. Every answer is kept; what the new form does not ask is laid aside, and
    comes back should a later form ask it again. `carried` says what became of it.

    Raises the items room's refusal when the item is withdrawn: the draft stays as it is.
    """
    draft = editable(actor, draft_id)
    version = published(draft.item_code)
    if version.pk != draft.item_version_id:
        _carry_over(draft, version.content)
        draft.item_version_id, draft.task_name = version.pk, version.content["task_name"]
        record("cases.draft_renewed", actor=actor, subject=draft, data={"item": draft.item_code})
    return saved(draft)


def _carry_over(draft: Draft, content: dict[str, Any]) -> None:
    """Answers for the new form in place; beside them what is new, and what is no longer needed."""
    before = content_of(draft.item_version_id)
    aside = draft.carried.get("aside") or {}
    moved = move_answers(before.get("form") or {}, content.get("form") or {}, draft.answers, aside)
    wanted = {material["key"] for material in content["materials"]}
    given = [m["name"] for m in before["materials"] if draft.materials.get(m["key"]) and m["key"] not in wanted]
    draft.answers = moved.answers
    draft.sources = {_under(path, moved.renamed): source for path, source in (draft.sources or {}).items()}
    draft.carried = {
        "on": content["effective_on"],
        "asked": moved.asked,
        "aside": moved.aside,
        "materials": [*dict.fromkeys([*draft.carried.get("materials", []), *given])],
    }


def _under(path: str, renamed: dict[str, str]) -> str:
    """A path into the answers, its field under the key it has now."""
    head, dot, rest = path.partition(".")
    return f"{renamed.get(head, head)}{dot}{rest}"


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: UUID | str) -> None:
    """The applicant throws a draft away."""
    draft = editable(actor, draft_id)
    record("cases.draft_discarded", actor=actor, subject=draft, data={"item": draft.item_code})
    draft.delete()


def forget_old_drafts() -> int:
    """Delete drafts nobody touched for `DRAFT_RETENTION_DAYS`, submitted ones too: what counts is in the case. How many."""
    border = now() - timedelta(days=settings.DRAFT_RETENTION_DAYS)
    gone = Draft.objects.filter(saved_at__lt=border).delete()[1].get("cases.Draft", 0)
    forget_old_visits(border)
    return gone
