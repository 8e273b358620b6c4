"""What the map draws: outlines of divisions, and addresses within a box, never more than a browser can bear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max, Min

from tongban.data.places.errors import AreaRefused
from tongban.data.places.gateways import groups_in, points_in
from tongban.data.places.models import Address, Boundary, DivisionSpan
from tongban.data.places.rules import BOX_LIMITS, cell_of, read_box
from tongban.foundation.kernel.actors import Actor, permit

from .divisions import SEE

MOST_OUTLINES = 300
NEAR = 0.003  # degrees, some 300 m


def boundary_in_use(code: str) -> Boundary | None:
    return Boundary.objects.filter(code=code, until_at=None).first()


def boundaries_of(*, actor: Actor, code: str) -> list[Boundary]:
    """All a division has had, the newest first; without their points."""
    permit(actor, SEE)
    return list(Boundary.objects.filter(code=code).defer("geometry", "outline").order_by("-known_at", "-id"))


def outlines(*, actor: Actor, code: str) -> dict[str, Any]:
    """GeoJSON of a division and of those right below it, as far as boundaries are known. Three queries."""
    permit(actor, SEE)
    below = list(DivisionSpan.objects.filter(parent=code, valid_to=None).values_list("code", flat=True)[:MOST_OUTLINES])
    held = list(Boundary.objects.filter(code__in=[code, *below], until_at=None).defer("geometry").order_by("code"))
    names = dict(
        DivisionSpan.objects.filter(code__in=[one.code for one in held], valid_to=None).values_list("code", "name")
    )
    return _collection(
        (
            one.outline,
            {
                "code": one.code,
                "name": names.get(one.code, ""),
                "own": one.code == code,
                "box": [one.west, one.south, one.east, one.north],
            },
        )
        for one in held
    )


def points(*, actor: Actor, box: str) -> dict[str, Any]:
    """GeoJSON of the addresses in use within `west,south,east,north`: one by one up to a limit, else in groups with their number."""
    permit(actor, SEE)
    area = read_box(box)
    if area is None:
        raise AreaRefused
    rows = points_in(area, BOX_LIMITS + 1)
    if len(rows) <= BOX_LIMITS:
        return _collection((_at(lon, lat), {"code": code, "text": text, "count": 1}) for code, text, lon, lat in rows)
    return _collection(
        (_at(lon, lat), {"count": count, "text": text if count == 1 else "", "code": code if count == 1 else ""})
        for count, lon, lat, code, text in groups_in(area, cell_of(area))
    )


def box_of(code: str, shown: Address | None = None) -> str:
    """`west,south,east,north` that a map of a division begins with: around one address, the boundary, or the addresses; empty: unknown."""
    if shown is not None and shown.lon is not None and shown.lat is not None:
        return f"{shown.lon - NEAR},{shown.lat - NEAR},{shown.lon + NEAR},{shown.lat + NEAR}"
    held = boundary_in_use(code)
    if held:
        return f"{held.west},{held.south},{held.east},{held.north}"
    inside = Address.objects.filter(division__gte=code, division__lt=code + "a", lon__isnull=False)
    found = inside.aggregate(w=Min("lon"), s=Min("lat"), e=Max("lon"), n=Max("lat"))
    if found["w"] is None:
        return ""
    return f"{found['w'] - NEAR},{found['s'] - NEAR},{found['e'] + NEAR},{found['n'] + NEAR}"


def _at(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}


def _collection(features: Any) -> dict[str, Sequence[Any] | str]:
    told = [{"type": "Feature", "geometry": geometry, "properties": said} for geometry, said in features]
    return {"type": "FeatureCollection", "features": told}
