"""Writing entries: begun, written in, dropped. Nothing here shows before two others have agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from tongban.data.catalogue.errors import ChangedMeanwhile, UnderReview
from tongban.data.catalogue.models import Entry, Version
from tongban.data.catalogue.rules import lifecycle
from tongban.data.catalogue.rules.fields import FIELDS, ITEM, ITEM_DEFAULTS, blank
from tongban.data.catalogue.rules.grading import raised, usual
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Conflict
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.unseen import seen

WRITE = "catalogue.write"
Status = Version.Status


def locked(entry_id: UUID | str) -> Entry:
    """The entry, locked: every change of it and of its versions goes through this row."""
    return find(Entry.objects.select_for_update(of=("self",)).select_related("department"), pk=entry_id)


@transaction.atomic
def begin_entry(*, actor: Actor, kind: str, department_id: UUID, content: Mapping[str, Any] | None = None) -> Version:
    """A new entry of one's department, as a draft."""
    permit(actor, WRITE, department_id=department_id)
    text = tidied(kind, content or {})
    entry = Entry.objects.create(kind=kind, department_id=department_id, name=text["name"], made_at=now())
    version = _draft(actor, entry, text, number=1)
    record("catalogue.begun", actor=actor, subject=entry, data={"kind": kind})
    return version


@transaction.atomic
def revise(*, actor: Actor, entry_id: UUID | str) -> Version:
    """The open draft of an entry; of a published or withdrawn one, a new version that begins as the last one."""
    entry = locked(entry_id)
    permit(actor, WRITE, department_id=entry.department_id)
    newest = entry.versions.exclude(status=Status.DROPPED).order_by("-number").first()
    if newest is not None and newest.status != Status.PUBLISHED:
        return newest
    if newest is None:  # what was given up before it was ever published
        raise Conflict
    version = _draft(actor, entry, newest.content, number=entry.versions.count() + 1)
    record("catalogue.revised", actor=actor, subject=entry, data={"version": version.number})
    return version


def _draft(actor: Actor, entry: Entry, content: dict[str, Any], *, number: int) -> Version:
    version = _new_version(actor, entry, content, number=number)
    version.save(force_insert=True)
    return version


def _new_version(actor: Actor, entry: Entry, content: dict[str, Any], *, number: int) -> Version:
    return Version(entry=entry, number=number, content=content, authors=sorted(actor.names, key=str), made_at=now())


@transaction.atomic
def write(
    *,
    actor: Actor,
    entry_id: UUID | str,
    content: Mapping[str, Any],
    revision: int | None = None,
    note: str | None = None,
    changed_on: date | None = None,
) -> Version:
    """Put another text into the draft. `revision` is what the writer saw: if it is no longer so, nothing is overwritten."""
    entry = locked(entry_id)
    permit(actor, WRITE, department_id=entry.department_id)
    version = open_version(entry)
    if revision is not None and revision != version.revision:
        raise ChangedMeanwhile
    _put(actor, version, tidied(entry.kind, version.content | dict(content)))
    if note is not None:
        version.note, version.changed_on = seen(note)[:500], changed_on
    version.save()
    if entry.published_id is None:
        entry.name = version.content["name"]
        entry.save(update_fields=["name"])
    return version


def rewrite(actor: Actor, texts: Mapping[str, Mapping[str, Any]]) -> None:
    """As `revise` and `write` of many entries, id → text, in a few statements and a fact for each draft begun. The caller was permitted."""
    entries = Entry.objects.select_for_update(of=("self",)).filter(pk__in=texts).order_by("pk")
    held = {str(entry.pk): entry for entry in entries}
    numbers: dict[UUID, int] = dict(
        Version.objects.filter(entry__in=texts).values_list("entry_id").annotate(Max("number"))
    )
    known = Version.objects.filter(entry__in=texts).exclude(status=Status.DROPPED).order_by("number")
    newest = {str(version.entry_id): version for version in known}
    begun, written = [], []
    for pk, content in texts.items():
        entry, version = held[pk], newest.get(pk)
        if version is None:  # given up meanwhile
            raise Conflict
        if version.status == Status.IN_REVIEW:
            raise UnderReview
        if version.status == Status.PUBLISHED:
            version = _new_version(actor, entry, version.content, number=numbers[entry.pk] + 1)
            begun.append(version)
        else:
            written.append(version)
        _put(actor, version, tidied(entry.kind, version.content | dict(content)))
        if entry.published_id is None:
            entry.name = version.content["name"]
    Version.objects.bulk_create(begun, batch_size=200)
    Version.objects.bulk_update(written, ["content", "revision", "authors"], batch_size=200)
    Entry.objects.bulk_update([held[str(version.entry_id)] for version in written], ["name"], batch_size=500)
    for version in begun:
        record("catalogue.revised", actor=actor, subject=version.entry, data={"version": version.number})


def _put(actor: Actor, version: Version, content: dict[str, Any]) -> None:
    version.content = content
    version.revision += 1
    version.authors = sorted({*version.authors, *actor.names}, key=str)


@transaction.atomic
def grade_as_suggested(*, actor: Actor, entry_id: UUID | str) -> int:
    """Raise every data item of the draft that is graded below what its name lets expect; how many those were."""
    entry = locked(entry_id)
    permit(actor, WRITE, department_id=entry.department_id)
    version = open_version(entry)
    items = version.content.get("items", [])
    better = [raised(item) for item in items]
    count = sum(1 for old, new in zip(items, better, strict=True) if old != new)
    if count:
        _put(actor, version, version.content | {"items": better})
        version.save()
    return count


def open_version(entry: Entry) -> Version:
    """The draft that may be written in."""
    version = entry.versions.filter(status__in=[Status.DRAFT, Status.IN_REVIEW]).first()
    if version is None:
        raise Conflict
    if version.status == Status.IN_REVIEW:
        raise UnderReview
    return version


@transaction.atomic
def drop_draft(*, actor: Actor, entry_id: UUID | str) -> Entry:
    """Give a draft up. An entry that was never published goes with it; its versions are kept all the same."""
    entry = locked(entry_id)
    permit(actor, WRITE, department_id=entry.department_id)
    version = open_version(entry)
    version.status = Status.DROPPED
    version.save(update_fields=["status"])
    if entry.published_id is None:
        entry.life = lifecycle.DELETED
        entry.save(update_fields=["life"])
    record("catalogue.dropped", actor=actor, subject=entry, data={"version": version.number})
    return entry


def tidied(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A text in its shape, whatever came: known fields only, no unseen characters, each data item with a key of its own."""
    text = {field.name: _tidy(content.get(field.name), is_list=field.is_list) for field in FIELDS[kind]}
    if kind == "resource":
        text["items"] = [_item(item) for item in content.get("items", [])]
    return blank(kind) | text


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    text = {field.name: _tidy(item.get(field.name)) for field in ITEM}
    defaults = {name: text[name] or value for name, value in (ITEM_DEFAULTS | usual(text)).items()}
    return {"key": str(item.get("key") or uuid4().hex[:12])[:40]} | text | defaults


def _tidy(value: Any, *, is_list: bool = False) -> Any:
    if is_list:
        values = value if isinstance(value, list) else [value] if value else []
        return list(dict.fromkeys(word for word in (_plain(one) for one in values) if word))[:200]
    return _plain(value)


def _plain(value: Any) -> str:
    return seen("" if value is None else str(value))[:4000]
