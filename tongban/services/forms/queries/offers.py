"""Standard addresses offered to him who writes one into a form, and the one he takes: its look is a fact, with purpose and case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from tongban.data.places import queries as places
from tongban.data.places.actions import read_address
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotFound
from tongban.services.forms.rules.posting import addresses_in

from .places import Places

MOST = 20
COUNTY = 6  # digits
WHOLE = re.compile("(?:00)+$")  # a whole province or city


@dataclass(frozen=True)
class Offer:
    """A standard address: its code, and the whole of it as it is written on a letter."""

    code: str
    words: str


def offered(form: dict[str, Any], answers: dict[str, Any]) -> dict[str, list[Offer]]:
    """Path of a field, in rows too → what may be meant by what stands in it; nothing where a standard address stands already.

    Of the first twenty that are written: each is a question to the address register.
    """
    known: dict[str, dict[str, str]] = {}
    written = ((path, value) for path, value in addresses_in(form, answers) if value.get("detail"))
    return {
        path: _meant(str(value.get("division") or ""), str(value["detail"]), known)
        for path, value in islice(written, MOST)
    }


def _meant(division: str, detail: str, known: dict[str, dict[str, str]]) -> list[Offer]:
    """Within the county that was chosen; where none is, within our own, unless another city or province is."""
    chosen = WHOLE.sub("", division[:6])
    county = places.home() if places.home().startswith(chosen) else chosen
    if len(county) < COUNTY:
        return []
    if county not in known:
        known[county] = places.names_in(county)
    found = places.suggested(detail, county=county, names=known[county])
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
