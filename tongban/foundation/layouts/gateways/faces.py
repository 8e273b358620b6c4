"""The fonts of this machine: which face shows a character, how wide it is, and a file with only the characters in use.

The same fonts in the same order are named to the typesetter, so that PDF and OFD show the same face for each character.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import typst
import uharfbuzz as hb
from django.conf import settings

# Song, the face of printed Chinese, then faces with rare characters and signs: behind every other face.
SONG = ("SimSun", "STSong", "Noto Serif CJK SC", "Noto Serif SC", "Noto Serif CJK JP")
LAST = ("HanaMinA", "HanaMinB", "SimSun-ExtB", "DejaVu Sans")
FAMILIES = {
    "song": (*SONG, *LAST),
    "hei": ("SimHei", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans CJK JP", *SONG, *LAST),
    "kai": ("KaiTi", "STKaiti", "LXGW WenKai", "AR PL UKai CN", *SONG, *LAST),
    "fangsong": ("FangSong", "STFangsong", *SONG, *LAST),
}
BOLD = 600  # weights from here on are bold


@dataclass(frozen=True)
class FaceFile:
    """One face on disk. Only `family` is ever written into a document."""

    family: str
    weight: int
    path: str
    index: int


def font_paths() -> list[str]:
    """Folders of fonts beside the system's own."""
    fonts = Path(settings.HOME) / "fonts"
    return [str(fonts)] if fonts.is_dir() else []


@cache
def _all() -> dict[str, list[FaceFile]]:
    """Family → its upright faces of normal width, lightest first."""
    found: dict[str, list[FaceFile]] = {}
    for info in typst.Fonts(font_paths=font_paths()).fonts():
        if info.path and info.style == "normal":
            found.setdefault(info.family, []).append(FaceFile(info.family, info.weight, info.path, info.index))
    return {family: sorted(faces, key=lambda face: face.weight) for family, faces in found.items()}


@cache
def families(font: str) -> tuple[str, ...]:
    """The families installed here for a font of ours, in the order in which they are asked for a character."""
    return tuple(family for family in FAMILIES[font] if family in _all())


@cache
def _chain(font: str, bold: bool) -> tuple[FaceFile, ...]:
    wanted = 700 if bold else 400
    return tuple(min(_all()[family], key=lambda face: abs(face.weight - wanted)) for family in families(font))


@cache
def _font(face: FaceFile) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(face.path), face.index))


@lru_cache(maxsize=100_000)
def _glyph(one: str, font: str, bold: bool) -> tuple[FaceFile, float] | None:
    for face in _chain(font, bold):
        opened = _font(face)
        glyph = opened.get_nominal_glyph(ord(one))
        if glyph:
            return face, opened.get_glyph_h_advance(glyph) / opened.face.upem
    return None


def width_of(one: str, font: str, bold: bool) -> float | None:
    """How wide a character is, in ems; None when no font here has it."""
    found = _glyph(one, font, bold)
    return found[1] if found else None


def face_of(one: str, font: str, bold: bool) -> FaceFile | None:
    """The face that shows a character."""
    found = _glyph(one, font, bold)
    return found[0] if found else None


@lru_cache(maxsize=64)
def _subset(face: FaceFile, characters: str) -> bytes:
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    return bytes(hb.subset(_font(face).face, wanted).blob.data)


def subset(face: FaceFile, characters: Iterable[str]) -> bytes:
    """A font file with only these characters. A face inside a collection comes out as a file of its own."""
    return _subset(face, "".join(sorted(set(characters))))
