"""Standard addresses offered to him who writes one into a form, and the one he takes: its look is a fact, with purpose and case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.data.places import queries as places
from tongban.data.places.actions import read_address
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotFound
from tongban.services.forms.rules.structure import plan_of

from .places import Places


@dataclass(frozen=True)
class Offer:
    """A standard address: its code, and the whole of it as it is written on a letter."""

    code: str
    words: str


def offered(form: dict[str, Any], answers: dict[str, Any]) -> dict[str, list[Offer]]:
    """Path of a field → what may be meant by what stands in it; nothing where a standard address stands already."""
    written = {
        item.key: answers[item.key]
        for item in plan_of(form).fields.values()
        if item.type == "address" and isinstance(answers.get(item.key), dict)
    }
    return {
        path: _meant(str(value.get("division") or ""), str(value.get("detail") or ""))
        for path, value in written.items()
    }


def _meant(division: str, detail: str) -> list[Offer]:
    county = division[:6] if division[4:6].strip("0") else places.home()
    found = places.suggested(detail, county=county)
    if any(one.text == detail for one in found):
        return []
    named = Places([one.division for one in found])
    return [Offer(one.code, named.words({"division": one.division, "detail": one.text})) for one in found]


def taken(actor: Actor, path: str, code: str, *, purpose: str, case_no: str) -> dict[str, dict[str, Any]]:
    """`{path: known}` of a standard address that was taken; nothing if it is no longer in use."""
    try:
        one = read_address(actor=actor, code=code, purpose=purpose, case_no=case_no)
    except NotFound:
        return {}
    value = {"division": one["division"].ljust(12, "0"), "detail": one["line"]}
    return {path: {"value": value, "source": _("地址库"), "as_of": one["as_of"], "stale": False, "own": True}}
