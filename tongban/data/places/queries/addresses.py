"""Standard addresses: listed, suggested as one types, and found from what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from tongban.data.places.gateways import candidates_for, roads_known
from tongban.data.places.models import Address
from tongban.data.places.rules import Match, Said, line_of, near, parsed, road_plain, settle
from tongban.data.registries import queries as registries
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

from .divisions import SEE, above, names_in

ADDRESSES = "addresses"  # the register's code
SUGGESTED, AT_ONCE = 6, 1_000


def addresses_page(*, actor: Actor, division: str = "", words: str = "", cursor: str = "", size: int = 50) -> Page:
    """Addresses within a division; `words` begin a road, a code, or a road with its number (翠屏路18号)."""
    permit(actor, SEE)
    rows = Address.objects.all()
    if division:
        rows = rows.filter(division__gte=division, division__lt=division + "a")
    if words:
        rows = rows.filter(_beginning(words))
    return page_of(rows, order=["code"], cursor=cursor, size=size)


def _beginning(words: str) -> Q:
    said = parsed(words, {})
    if said.road and said.number:
        return Q(road=said.road, number=said.number)
    return Q(road__startswith=road_plain(words)) | Q(code__startswith=words.strip())


def address(*, actor: Actor, code: str) -> Address:
    permit(actor, SEE)
    return find(Address.objects.all(), pk=code)


def origins_of(*, actor: Actor, one: Address) -> list[Any]:
    """Each value with its source, its age and what lost against it, for whoever may see the register; else nothing."""
    try:
        register, kept = registries.record_of(actor=actor, record_id=one.record_id)
    except (NotFound, NotAllowed):
        return []
    return registries.values_of(register, kept, full=True)


def suggested(words: str, *, county: str, names: Mapping[str, str] | None = None) -> list[Address]:
    """At most six addresses in use that what is typed may become or mean, for a form's field; nothing before two signs.

    No right is asked and nothing is written down: a standard address says where a door is, and of nobody who lives behind it.
    Who takes one for a case reads it by `actions.read_address`. `names`: what `names_in` said of the county, when several are asked about.
    """
    if len(words.strip()) < 2:
        return []
    said = parsed(words, names_in(county) if names is None else names)
    rows = Address.objects.filter(
        state="in_use", division__gte=(said.division or county), division__lt=(said.division or county) + "a"
    )
    asked = {part: getattr(said, part) for part in ("estate", "building", "unit", "room") if getattr(said, part)}
    if said.number:  # of a number that is still being typed, the beginning
        asked["number" if "号" in words else "number__startswith"] = said.number
    if said.road:
        rows = rows.filter(Q(road=said.road) | Q(former=said.road), **asked)
    elif asked:
        rows = rows.filter(**asked)
    elif said.unread:
        rows = rows.filter(Q(road__startswith=said.unread) | Q(estate__startswith=said.unread))
    found = list(rows.order_by("road", Length("number"), "number", "code")[:SUGGESTED])
    if found or not said.road:
        return found
    _said, match = find_address(words, county=county)  # spelt otherwise than any road: what is nearest
    return list(Address.objects.filter(pk__in=[one.code for one, _score in match.others[:SUGGESTED]]).order_by("code"))


def find_address(text: str, *, county: str) -> tuple[Said, Match]:
    """What a text says and which standard address it means, by the matcher's version in the answer."""
    return next(find_addresses([text], county=county))


def find_addresses(texts: Iterable[str], *, county: str) -> Iterator[tuple[Said, Match]]:
    """The same of many texts: a query for every thousand of them."""
    names, known = names_in(county), roads_known()
    waiting = iter(texts)
    while part := list(islice(waiting, AT_ONCE)):
        said = [parsed(text, names) for text in part]
        asked = [
            (at, road, one.number, one.estate)
            for at, one in enumerate(said)
            for road in near(one.road, known) or ([""] if one.estate else [])
        ]
        meant = candidates_for(asked)
        for at, one in enumerate(said):
            yield one, settle(one, meant.get(at, []))


def text_of(one: Address) -> str:
    """The whole address with the names of its divisions."""
    return "".join(part.name for part in above(one.division, itself=True)) + line_of(
        {part: getattr(one, part) for part in ("road", "number", "estate", "building", "unit", "room")}
    )
