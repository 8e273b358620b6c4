"""Edits in words. What a place is called is told by the room that owns the kind of draft (`settings.DRAFT_KINDS`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from .models import Draft, Edit
from .rules.changes import ADDED, CHANGED, MOVED, REMOVED
from .rules.telling import Step, steps_of

LONGEST = 60
Describe = Callable[[str, Any], str]


@dataclass(frozen=True)
class Owner:
    """What the owning room tells of a kind: `describe(path, content)` → words, `link(draft_id, path)` → address."""

    describe: Describe
    link: Callable[[Any, str], str]


@cache
def owner_of(kind: str) -> Owner:
    """The owning room's words; a kind nobody owns is called by its paths."""
    if kind in settings.DRAFT_KINDS:
        describe, link = settings.DRAFT_KINDS[kind]
        return Owner(import_string(describe), import_string(link))
    return Owner(lambda path, content: path, lambda draft_id, path: "")


def place_of(draft: Draft, path: str) -> str:
    return owner_of(draft.kind).describe(path, draft.content) or _("整份草稿")


def link_to(draft: Draft, path: str) -> str:
    return owner_of(draft.kind).link(draft.pk, path)


def sentences_of(draft: Draft, edit: Edit) -> list[str]:
    """Each step of an edit as a sentence."""
    return [sentence(place_of(draft, step.path), step) for step in steps_of(edit.ops, edit.inverse)]


def sentence(place: str, step: Step) -> str:
    words = {"place": place, "old": plain(step.old), "new": plain(step.new)}
    if step.kind == ADDED:
        return (_("填写“%(place)s”：%(new)s") if words["new"] else _("添加“%(place)s”")) % words
    if step.kind == REMOVED:
        return (_("删去“%(place)s”：%(old)s") if words["old"] else _("删去“%(place)s”")) % words
    if step.kind == MOVED:
        return _("移动“%(place)s”") % words
    assert step.kind == CHANGED
    if words["old"] and words["new"]:
        return _("把“%(place)s”从“%(old)s”改为“%(new)s”") % words
    return _("改动“%(place)s”") % words


def plain(value: Any) -> str:
    """A value as a person writes it, shortened; of a row its name; nothing for what has no short form."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, dict):
        value = next((value[name] for name in ("name", "label", "title", "law", "q", "hall") if value.get(name)), "")
    elif isinstance(value, list):
        value = "、".join(filter(None, (plain(one) for one in value)))
    text = str(value or "")
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
