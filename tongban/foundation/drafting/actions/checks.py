"""What no edit may bring, whatever the document is about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.drafting.errors import EditRefused
from tongban.foundation.kernel.errors import Reason

MOST_OPS = 2000  # in one edit; a pasted table of some hundred rows is one operation
LARGEST = 2 * 1024 * 1024  # bytes of a document; a form of 500 fields has some 200 kB


def refuse_malformed(ops: Sequence[Any]) -> None:
    fine = bool(ops) and len(ops) <= MOST_OPS and all(_is_op(op) for op in ops)
    if not fine:
        raise EditRefused(reasons=[Reason("edit_malformed", _("这次改动的格式不对。"))])


def _is_op(op: Any) -> bool:
    kinds = {"add": {"value"}, "replace": {"value"}, "test": {"value"}, "remove": set(), "move": {"from"}}
    if not isinstance(op, dict) or op.get("op") not in kinds or not kinds[op["op"]] <= op.keys():
        return False
    return all(is_pointer(op[name]) for name in ("path", "from") if name in op) and "path" in op


def is_pointer(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 300 and (not value or value.startswith("/"))


def refuse_unkeepable(content: Any) -> None:
    """What the database cannot keep (a NUL, half a character, not a number) or should not (a document beyond all measure)."""
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise EditRefused(reasons=[Reason("edit_characters", _("内容里有无法保存的字符。"))]) from None
    if b"\\u0000" in text:
        raise EditRefused(reasons=[Reason("edit_characters", _("内容里有无法保存的字符。"))])
    if len(text) > LARGEST:
        raise EditRefused(reasons=[Reason("edit_too_large", _("内容太长，请删减后再试。"))])
