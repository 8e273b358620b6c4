"""Small cities and people for the tests of this room."""

from __future__ import annotations

import io
from types import MappingProxyType
from uuid import uuid4

from PIL import Image

from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.organisations.models import Division

PLACES = [
    ("510000000000", "四川省", 1, None),
    ("110000000000", "北京市", 1, None),
    ("511600000000", "广安市", 2, "510000000000"),
    ("511602000000", "广安区", 3, "511600000000"),
    ("511602001000", "浓洄街道", 4, "511602000000"),
    ("511602002000", "北辰街道", 4, "511602000000"),
    ("511602001001", "翠屏路社区居委会", 5, "511602001000"),
    ("511602001002", "厚街社区居委会", 5, "511602001000"),
]


def divisions() -> None:
    """A country small enough to read."""
    for code, name, level, parent in PLACES:
        Division.objects.create(code=code, name=name, level=level, parent_id=parent, pinyin=name)


def citizen() -> Actor:
    grants = MappingProxyType({"files.see": Scope.OWN, "cases.apply": Scope.OWN})
    return Actor("person", uuid4(), uuid4(), grants=grants, level=2)


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


PICTURE = _picture()
