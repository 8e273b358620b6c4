"""The part of the map that somebody looks at, and how finely its points are told."""

from __future__ import annotations

import math

BOX_LIMITS = 120  # points told one by one; of more, groups are told
GROUPS_ACROSS = 12  # fields of the grid from one edge of the picture to the other


def read_box(text: str) -> tuple[float, float, float, float] | None:
    """`west,south,east,north` in degrees; None when it is none."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    good = (
        all(map(math.isfinite, (west, south, east, north)))
        and -180 <= west < east <= 180
        and -90 <= south < north <= 90
    )
    return (west, south, east, north) if good else None


def cell_of(box: tuple[float, float, float, float]) -> float:
    """Width of the grid's fields in degrees: a power of two, so that a map that is moved keeps its groups."""
    across = max(box[2] - box[0], box[3] - box[1]) / GROUPS_ACROSS
    return float(2 ** math.ceil(math.log2(max(across, 1e-6))))
