"""Offices for tests, valid by default. Other rooms may use these in their tests."""

from __future__ import annotations

import itertools
from typing import Any

from tongban.foundation.kernel.actors import installer
from tongban.foundation.organisations.actions import add_department, add_divisions
from tongban.foundation.organisations.models import Department, Division, Post
from tongban.foundation.organisations.rules import invented_uscc

_serial = itertools.count(1)
ADMIN = installer("organisations.manage")
AREA = {
    "510000000000": "四川省", "511600000000": "广安市", "511602000000": "广安区", "511603000000": "前锋区",
    "511602001000": "浓洄街道", "511602001001": "翠屏路社区居委会",
}  # fmt: skip


def make_divisions() -> None:
    if not Division.objects.filter(code="511602001001").exists():
        add_divisions(AREA, actor=ADMIN)


def make_department(short_name: str = "", *, division: str = "511602000000", **fields: Any) -> Department:
    make_divisions()
    short_name = short_name or f"区示例{next(_serial)}局"
    fields.setdefault("name", f"广安市广安{short_name}")
    fields.setdefault("code", invented_uscc(short_name, division))
    return add_department(actor=ADMIN, short_name=short_name, division=division, **fields)


def make_post(role: str = "clerk", *, department: Department | None = None, name: str = "") -> Post:
    department = department or make_department()
    return Post.objects.create(department=department, name=name or f"{role}-{next(_serial)}", role=role)
