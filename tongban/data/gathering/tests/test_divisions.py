"""Addresses that become codes of divisions: the step knows what the matcher of addresses knows of their names."""

from __future__ import annotations

from datetime import date

import pytest

from tongban.data.gathering.actions.checking import settled
from tongban.data.places.actions import DIVISIONS, take_over
from tongban.data.places.tests.factories import CODES, KEEPER, divisions
from tongban.data.standards.gateways import put_values
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.rules import Code

pytestmark = pytest.mark.django_db


def values(under: str) -> dict[str, str]:
    step = {"do": "division", "set": DIVISIONS, "under": under}
    found: dict[str, str] = settled([{"name": "place", "source": "住址", "steps": [step]}])[0]["steps"][0]["values"]
    return found


def test_a_countys_divisions_are_known_by_their_short_and_former_names_too() -> None:
    divisions()
    assert values("511602")["厚街社区"] == "511602001002"
    renamed = [Code(one.code, "新街社区居委会", one.parent) if one.code == "511602001002" else one for one in CODES]
    version = Version.objects.create(
        standard=Standard.objects.get(key=DIVISIONS), version=2, effective_on=date(2025, 6, 30), content={"name": "行政区划代码"},
        status="published", values_count=len(renamed),
    )  # fmt: skip
    put_values(version.pk, renamed)
    take_over(actor=KEEPER)
    known = values("511602")
    assert {known[name] for name in ("厚街社区", "厚街社区居委会", "新街社区", "新街社区居委会")} == {"511602001002"}
    assert not {"四川", "广安区"} & set(known)
    assert "新街社区" not in values("5116")  # of a whole city the names of the code set alone
