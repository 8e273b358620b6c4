"""Where on the ground: CGCS2000 (EPSG:4490), WGS 84 (EPSG:4326), which agree to centimetres, and GCJ-02, which maps sold in China use.

GCJ-02 moves every point by 100 to 700 m by a fixed formula. The formula is widely published but no standard; it is undone here by
approaching the point whose moved place is the one given, to about a decimetre (tests: forth and back).
"""

from __future__ import annotations

import math
import re

CGCS2000, WGS84, GCJ02 = "EPSG:4490", "EPSG:4326", "GCJ-02"
SYSTEMS = (CGCS2000, WGS84, GCJ02)
IN_CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north
_A, _EE = 6378245.0, 0.00669342162296594323  # Krassowsky's ellipsoid, as the formula has it
_PROJECTED = re.compile(r"^\s*(PROJCS|PROJCRS|PROJECTEDCRS)", re.IGNORECASE)
_KNOWN = {
    CGCS2000: ("EPSG:4490", "EPSG::4490", "CGCS2000", "CHINAGEODETICCOORDINATESYSTEM2000", "CHINA2000"),
    WGS84: ("EPSG:4326", "EPSG::4326", "CRS84", "WGS84", "WGS1984"),
    GCJ02: ("GCJ02", "GCJ-02"),
}


def named_system(text: str) -> str:
    """The system that a `crs` member or a .prj file names; empty for any other, a projected one above all."""
    if _PROJECTED.match(text):
        return ""
    said = re.sub(r"[\s_]+", "", text).upper()
    return next((system for system, names in _KNOWN.items() if any(name in said for name in names)), "")


def _moved(lon: float, lat: float) -> tuple[float, float]:
    """Where GCJ-02 puts a point of WGS 84."""
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    d_lat += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    d_lat += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    d_lon += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    d_lon += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    angle = math.radians(lat)
    magic = 1 - _EE * math.sin(angle) ** 2
    root = math.sqrt(magic)
    return (
        lon + math.degrees(d_lon) / (_A / root * math.cos(angle)),
        lat + math.degrees(d_lat) / (_A * (1 - _EE) / (magic * root)),
    )


def from_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The point of WGS 84 (and so of CGCS2000) that GCJ-02 shows here."""
    found = (lon, lat)
    for _ in range(4):
        moved = _moved(*found)
        found = (found[0] + lon - moved[0], found[1] + lat - moved[1])
    return round(found[0], 7), round(found[1], 7)
