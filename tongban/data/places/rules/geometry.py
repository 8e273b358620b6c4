"""What a boundary must be before it is taken: polygons, closed, whole numbers of degrees in China, not crossing themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from .positions import GCJ02, IN_CHINA, from_gcj02

MOST_POINTS = 400_000  # of one boundary; Sichuan's real one has some 40,000
DRAWN = 0.0004  # degrees, about 40 m: how far a drawn outline may lie from the boundary
_PLACE = re.compile(r"\[(-?[\d.]+) (-?[\d.]+)\]")


@dataclass(frozen=True)
class Fault:
    """One thing wrong: a code, and what its sentence needs."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """A boundary as it is kept, in CGCS2000: GeoJSON, the drawn outline, the box around it, points, area."""

    geometry: dict[str, Any]
    outline: dict[str, Any]
    box: tuple[float, float, float, float]
    points: int
    area_km2: float


def checked(geometry: Any, *, system: str) -> Shape | list[Fault]:
    """The boundary, or everything that keeps it from being one. `system` is the one its numbers are in."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return [Fault("not_polygon")]
    said: Any = geometry.get("coordinates")
    polygons: Any = said if geometry["type"] == "MultiPolygon" else [said]
    faults, points = _ring_faults(polygons)
    if faults:
        return faults
    found = shape(
        {"type": "MultiPolygon", "coordinates": [[[point[:2] for point in ring] for ring in one] for one in polygons]}
    )
    if not found.is_valid:
        told = shapely.is_valid_reason(found)
        place = _PLACE.search(told)
        return [Fault("crossing", {"place": f"{float(place[1]):.5f}, {float(place[2]):.5f}" if place else "—"})]
    if system == GCJ02:
        found = shapely.transform(found, lambda points: [from_gcj02(lon, lat) for lon, lat in points])
        found = found if found.is_valid else shapely.make_valid(found)
    drawn = found.simplify(DRAWN, preserve_topology=True)
    return Shape(_plain(found), _plain(shapely.set_precision(drawn, 0.00001)), found.bounds, points, _area(found))


def _ring_faults(polygons: Any) -> tuple[list[Fault], int]:
    """Everything wrong with the numbers, of each kind once, and how many points there are."""
    count = 0
    faults: dict[str, Fault] = {}
    for number, ring in enumerate(_rings(polygons), 1):
        if ring is None or len(ring) < 4:
            faults.setdefault("short_ring", Fault("short_ring", {"ring": number}))
            continue
        count += len(ring)
        if count > MOST_POINTS:
            return [Fault("too_many_points", {"most": MOST_POINTS})], count
        if not all(map(_is_point, ring)):
            faults.setdefault("no_number", Fault("no_number", {"ring": number}))
            continue
        if list(ring[0][:2]) != list(ring[-1][:2]):
            faults.setdefault("open_ring", Fault("open_ring", {"ring": number}))
        away = next((point for point in ring if not _in_china(point)), None)
        if away is not None:
            swapped = _in_china((away[1], away[0]))
            kind = "swapped" if swapped else "metres" if max(map(abs, away[:2])) > 180 else "outside"
            faults.setdefault(kind, Fault(kind, {"place": f"{away[0]:.5f}, {away[1]:.5f}"}))
    if not count and not faults:
        return [Fault("empty")], 0
    return list(faults.values()), count


def _rings(polygons: Any) -> Iterator[Sequence[Any] | None]:
    for polygon in polygons if isinstance(polygons, Sequence) else [None]:
        if not isinstance(polygon, Sequence) or isinstance(polygon, str) or not polygon:
            yield None
            continue
        for ring in polygon:
            yield ring if isinstance(ring, Sequence) and not isinstance(ring, str) else None


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, Sequence) and not isinstance(point, str) and 2 <= len(point) <= 4
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in point)
        and all(abs(one) < 1e9 and math.isfinite(one) for one in point[:2])
    )  # fmt: skip


def _in_china(point: Sequence[float]) -> bool:
    west, south, east, north = IN_CHINA
    return west <= point[0] <= east and south <= point[1] <= north


def _plain(found: Any) -> dict[str, Any]:
    told = mapping(found)
    return {"type": told["type"], "coordinates": _lists(told["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(one) for one in value] if isinstance(value, tuple | list) else round(float(value), 7)


def _area(found: Any) -> float:
    """Square kilometres, on a sphere flattened at the boundary's own latitude: good to a few in a thousand for a province."""
    turn = 6371.0088 * math.pi / 180
    flat = shapely.transform(
        found, lambda points: [(lon * turn * math.cos(math.radians(lat)), lat * turn) for lon, lat in points]
    )
    return round(float(flat.area), 2)
