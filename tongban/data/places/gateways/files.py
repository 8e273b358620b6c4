"""Boundaries as offices send them: GeoJSON, KML, shapefiles or GeoJSON in a zip. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import shapefile
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tongban.data.places.rules import WGS84, Fault, named_system

MOST_FILE, MOST_UNPACKED, MOST_IN_ZIP, MOST_PIECES = 20 << 20, 80 << 20, 200, 2_000
CODES = ("code", "adcode", "代码", "区划代码", "XZQDM", "xzqdm", "行政区划代码")
DIGITS = re.compile(r"(?<!\d)(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})(?!\d)")
# Whatever the readers of other people's formats raise on bytes that are none: their own errors, and those of arithmetic on what they read.
BROKEN = (
    shapefile.ShapefileException, struct.error, zipfile.BadZipFile, zlib.error, ValueError, KeyError, IndexError, TypeError,
    AttributeError, OSError, EOFError, RecursionError, MemoryError, OverflowError, NotImplementedError, AssertionError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """One boundary as a file has it: its division's code if the file says it, geometry (GeoJSON), the system it is in (empty: unsaid)."""

    code: str
    geometry: Any
    system: str
    place: str


def read_file(name: str, data: bytes) -> tuple[list[Piece], list[Fault]]:
    """All boundaries of a file, or what keeps it from being read. Never raises, whatever the file holds."""
    if len(data) > MOST_FILE:
        return [], [Fault("too_large", {"most": MOST_FILE >> 20})]
    try:
        pieces: list[Piece] = []
        for piece in _pieces(name, data):
            if isinstance(piece, Fault):
                return [], [piece]
            pieces.append(piece)
            if len(pieces) > MOST_PIECES:
                return [], [Fault("too_many", {"most": MOST_PIECES})]
    except (ParseError, DefusedXmlException, *BROKEN):
        return [], [Fault("unreadable", {"name": name[:80]})]
    return (pieces, []) if pieces else ([], [Fault("nothing_in_it", {"name": name[:80]})])


def _pieces(name: str, data: bytes) -> Iterator[Piece | Fault]:
    ending = PurePosixPath(name.lower()).suffix
    if ending in (".json", ".geojson"):
        return _geojson(name, data)
    if ending == ".kml":
        return _kml(name, data)
    if ending == ".zip":
        return _zipped(data)
    return iter([Fault("kind", {"name": name[:80]})])


def _zipped(data: bytes) -> Iterator[Piece | Fault]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        held = [one for one in book.infolist() if not one.is_dir()]
        if len(held) > MOST_IN_ZIP or sum(one.file_size for one in held) > MOST_UNPACKED:
            yield Fault("bomb", {"most": MOST_UNPACKED >> 20, "files": MOST_IN_ZIP})
            return
        files = {one.filename: one for one in held}
        read = {
            key: _unpacked(book, one)
            for key, one in files.items()
            if key.lower().endswith((".geojson", ".json", ".kml"))
        }
        for key, body in read.items():
            yield from _kml(key, body) if key.lower().endswith(".kml") else _geojson(key, body)
        for key in files:
            if key.lower().endswith(".shp"):
                beside = {
                    PurePosixPath(one).suffix.lower(): one
                    for one in files
                    if PurePosixPath(one).stem == PurePosixPath(key).stem
                }
                yield from _shapes(key, {ending: _unpacked(book, files[one]) for ending, one in beside.items()})


def _unpacked(book: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """What the entry says it holds and not a byte more: the size in a zip's list may be a lie."""
    with book.open(one) as opened:
        body = opened.read(one.file_size + 1)
    if len(body) > one.file_size:
        raise zipfile.BadZipFile
    return body


def _geojson(name: str, data: bytes) -> Iterator[Piece | Fault]:
    said = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    if not isinstance(said, dict):
        raise ValueError
    text = "" if said.get("crs") is None else json.dumps(said["crs"], ensure_ascii=False)
    system = named_system(text)
    if text and not system:
        yield Fault("system", {"name": text[:120]})
        return
    features = said.get("features") if said.get("type") == "FeatureCollection" else [said]
    for number, one in enumerate(features if isinstance(features, list) else [], 1):
        if not isinstance(one, dict):
            raise ValueError
        geometry = one.get("geometry") if one.get("type") == "Feature" else one
        told = one.get("properties")
        code = _code_in(told if isinstance(told, dict) else {}) or (
            _code_named(name) if len(features or []) == 1 else ""
        )
        yield Piece(code, geometry, system, f"{PurePosixPath(name).name} {number}")


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _code_in(properties: dict[str, Any]) -> str:
    return next((str(properties[key]).strip() for key in CODES if properties.get(key)), "")


def _code_named(name: str) -> str:
    found = DIGITS.search(PurePosixPath(name).stem)
    return found[1] if found else ""


def _shapes(name: str, parts: dict[str, bytes]) -> Iterator[Piece | Fault]:
    system = ""
    if ".prj" in parts:
        text = parts[".prj"].decode("utf-8", "replace")
        system = named_system(text)
        if not system:
            yield Fault("system", {"name": text[:120]})
            return
    opened = {ending[1:]: io.BytesIO(parts[ending]) for ending in (".shp", ".shx", ".dbf") if ending in parts}
    encoding = "utf-8" if b"UTF-8" in parts.get(".cpg", b"").upper() else "gb18030"
    with shapefile.Reader(**opened, encoding=encoding, encodingErrors="replace") as reader:
        for number, one in enumerate(reader.iterShapes(), 1):
            told = reader.record(number - 1).as_dict() if "dbf" in opened else {}
            geometry = one.__geo_interface__ if one.shapeType else None
            yield Piece(
                _code_in(told) or (_code_named(name) if len(reader) == 1 else ""), geometry, system, f"{name} {number}"
            )


def _kml(name: str, data: bytes) -> Iterator[Piece | Fault]:
    """KML is always WGS 84."""
    marks = [one for one in fromstring(data).iter() if _tag(one) == "Placemark"]
    for number, mark in enumerate(marks, 1):
        polygons = [_polygon(one) for one in mark.iter() if _tag(one) == "Polygon"]
        told = {
            str(one.get("name")): (one.text or "" if _tag(one) == "SimpleData" else "".join(one.itertext())).strip()
            for one in mark.iter()
            if _tag(one) in ("SimpleData", "Data")
        }
        code = _code_in(told) or _code_named(next((one.text or "" for one in mark if _tag(one) == "name"), ""))
        code = code or (_code_named(name) if len(marks) == 1 else "")
        yield Piece(
            code, {"type": "MultiPolygon", "coordinates": polygons} if polygons else None, WGS84, f"{name} {number}"
        )


def _polygon(one: Element) -> list[list[list[float]]]:
    rings = [
        _ring(ring) for side in ("outerBoundaryIs", "innerBoundaryIs") for ring in one.iter() if _tag(ring) == side
    ]
    return [ring for ring in rings if ring]


def _ring(one: Element) -> list[list[float]]:
    text = next((found.text or "" for found in one.iter() if _tag(found) == "coordinates"), "")
    return [[float(number) for number in point.split(",")[:2]] for point in text.split()]


def _tag(one: Element) -> str:
    return str(one.tag).rpartition("}")[2]
