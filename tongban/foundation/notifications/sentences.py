"""Parts of a notice in words, for the history, for remarks and for the reviewer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PARTS = {
    "title": gettext_lazy("标题"),
    "body": gettext_lazy("站内消息"),
    "sms": gettext_lazy("短信"),
    "email": gettext_lazy("电子邮件"),
}
_WAYS = {"by_sms": gettext_lazy("发短信"), "by_email": gettext_lazy("发电子邮件")}


def describe(path: str, content: Any) -> str:
    """`/sms` → 短信."""
    name = path.strip("/").split("/")[0]
    return str(PARTS.get(name) or _WAYS.get(name) or "")


def link(draft_id: UUID, path: str) -> str:
    """Where a part is edited."""
    name = path.strip("/").split("/")[0]
    return reverse("console-notice-draft", args=[draft_id]) + (f"#notice-{name}" if name in PARTS else "")


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the reviewer must look at: part, and the text before and after."""
    return [
        {"place": str(label), "old": _plain(old.get(name)), "new": _plain(new.get(name))}
        for name, label in {**PARTS, **_WAYS}.items()
        if (old.get(name) or "") != (new.get(name) or "")
    ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value or "")
