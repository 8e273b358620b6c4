"""Drafts for tests."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import UUID

from tongban.foundation.drafting.actions import begin, comment
from tongban.foundation.drafting.models import Comment, Draft
from tongban.foundation.kernel.actors import Actor, installer

_serial = itertools.count(1)
CONTENT: dict[str, Any] = {"name": "茶", "rows": [{"key": "a", "word": "甲"}, {"key": "b", "word": "乙"}]}


def make_draft(verb: str = "items.manage", *, department_id: UUID, actor: Actor | None = None, **fields: Any) -> Draft:
    """An open draft of a department."""
    fields = {"kind": "sample", "key": f"draft-{next(_serial)}", "title": "示例草稿", "content": CONTENT} | fields
    return begin(actor=actor or installer(verb), department_id=department_id, verb=verb, **fields)


def make_comment(draft: Draft, path: str = "/name") -> Comment:
    return comment(actor=installer(draft.verb), draft_id=draft.pk, path=path, text="请再核对一下。")
