"""Places of a letter's text in words, for the history, for remarks and for the reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.drafting.queries import changes_of

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft

BLOCK_NAMES = {
    "recipient": gettext_lazy("收件人称呼"),
    "text": gettext_lazy("正文"),
    "section": gettext_lazy("小标题"),
    "list": gettext_lazy("逐条列出"),
    "materials": gettext_lazy("材料表"),
    "facts": gettext_lazy("信息表"),
    "content": gettext_lazy("决定内容表"),
    "remedies": gettext_lazy("救济途径"),
    "note": gettext_lazy("小字说明"),
    "receipt_line": gettext_lazy("签收栏"),
    "sign": gettext_lazy("落款"),
}
_PARTS = {"title": gettext_lazy("标题"), "kind": gettext_lazy("文种"), "blocks": gettext_lazy("各段")}


def describe(path: str, content: Any) -> str:
    """`/blocks/3/text` → 第4段（正文）."""
    steps = path.strip("/").split("/")
    if len(steps) < 2 or not steps[1].isdigit():
        return str(_PARTS.get(steps[0], ""))
    blocks, place = (content or {}).get("blocks"), int(steps[1])
    block = blocks[place] if isinstance(blocks, list) and place < len(blocks) else None
    kind = block.get("type", "") if isinstance(block, dict) else ""
    return _("第%(number)d段（%(kind)s）") % {"number": place + 1, "kind": BLOCK_NAMES.get(kind, "")}


def link(draft_id: UUID, path: str) -> str:
    """Where a place is edited."""
    steps = path.strip("/").split("/")
    mark = f"#block-{steps[1]}" if len(steps) > 1 and steps[0] == "blocks" else ""
    return reverse("console-letter-draft", args=[draft_id]) + mark


def differences(draft: Draft) -> list[dict[str, str]]:
    """What the reviewer must look at: place, and the text before and after."""
    return [
        {"place": describe(change.path, draft.content), "old": _plain(change.old), "new": _plain(change.new)}
        for change in changes_of(draft)
    ]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        kind = str(BLOCK_NAMES.get(value.get("type", ""), ""))
        return "：".join(
            filter(None, (kind, str(value.get("text") or value.get("field") or value.get("heading") or "")))
        )
    return "" if value is None else str(value)
