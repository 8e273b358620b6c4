"""What a place of a definition is called, and where it is edited."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tongban.services.authoring.rules.gaps import at
from tongban.services.items.queries import label_of

# Which tab edits which top element; all others stand among the elements.
TAB_OF = {
    "materials": "materials",
    "form": "form",
    "situations": "situations",
    "flow": "flow",
    "letters": "letters",
}
NAMES = ("name", "label", "title", "law", "question", "q", "hall")


def tab_of(path: str) -> str:
    return TAB_OF.get(path[1:].partition("/")[0], "elements")


def link(draft_id: UUID | str, path: str) -> str:
    """The address of the page that edits a place, jumping to it; of the elements while its own page does not exist."""
    hash_ = f"#at={quote(path)}" if path else ""
    try:
        return reverse(f"authoring-{tab_of(path)}", args=[draft_id]) + hash_
    except NoReverseMatch:
        return reverse("authoring-elements", args=[draft_id]) + hash_


def begun_from(base_ref: str) -> str:
    """What a draft was begun from, for a person: an item's version, a file that was imported, a line of a list."""
    source, _colon, _id = base_ref.partition(":")
    code, _at, number = base_ref.partition("@")
    lists = {"import": _("来自导入的文件"), "basic": _("来自目录清单"), "listed": _("来自公布的清单")}
    return _("来自 %(code)s 第%(number)s版") % {"code": code, "number": number} if number else lists.get(source, "")


def describe(path: str, content: Any) -> str:
    """`/materials/0/need` → 申请材料“平面图”的必要性."""
    steps = path.split("/")[1:]
    if not steps or not steps[0]:
        return ""
    words, rows = label_of(steps[0]), steps[0]
    for place, step in enumerate(steps[1:], start=2):
        if step.isdigit():
            words = _row(words, at(content, steps[:place]), int(step))
            continue
        dotted = f"{steps[0]}.{step}"
        name = label_of(dotted)
        name = label_of(step, rows) if name == dotted else name
        words = _("%(whole)s：%(part)s") % {"whole": words, "part": LIMIT_PARTS.get(step, name)}
        rows = step if isinstance(at(content, steps[:place]), list) else rows
    return words


LIMIT_PARTS = {"unit": _("单位"), "explain": _("说明"), "days": _("天数")}


def _row(words: str, row: Any, place: int) -> str:
    """A row by its name, else by its number."""
    name = next((row[key] for key in NAMES if row.get(key)), "") if isinstance(row, dict) else ""
    if name:
        return _("%(rows)s“%(name)s”") % {"rows": words, "name": str(name)[:30]}
    return _("%(rows)s第%(number)s项") % {"rows": words, "number": place + 1}
