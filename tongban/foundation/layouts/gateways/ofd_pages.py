"""Sheets as an OFD package: the parts written, their fonts cut down to what is used, everything put in one zip."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from itertools import count
from uuid import uuid4

from tongban.foundation.layouts.rules import Sheet, ofd_parts

from .faces import BOLD, FaceFile, face_of, subset
from .packages import packed


class _Fonts:
    """Each face in use has a number; the characters it shows are gathered for its subset."""

    def __init__(self, numbers: count[int]) -> None:
        self._numbers = numbers
        self.used: dict[FaceFile, tuple[int, set[str]]] = {}

    def id_for(self, one: str, font: str, bold: bool) -> int:
        face = face_of(one, font, bold) or face_of(" ", font, bold)
        assert face is not None, "no font is installed"
        if face not in self.used:
            self.used[face] = (next(self._numbers), set())
        self.used[face][1].add(one)
        return self.used[face][0]


class _Pictures:
    """Each picture is kept once."""

    def __init__(self, numbers: count[int]) -> None:
        self._numbers = numbers
        self.used: dict[str, tuple[int, bytes]] = {}

    def id_for(self, png: bytes) -> int:
        name = sha256(png).hexdigest()
        if name not in self.used:
            self.used[name] = (next(self._numbers), png)
        return self.used[name][0]


def ofd_pages(sheets: list[Sheet], *, title: str, made_on: str, metadata: Mapping[str, str]) -> bytes:
    """An unsigned OFD of the sheets, the metadata as CustomDatas."""
    numbers = count(1)
    fonts, pictures = _Fonts(numbers), _Pictures(numbers)
    resources = ofd_parts.Resources(lambda: next(numbers), fonts.id_for, pictures.id_for)
    page_ids = [next(numbers) for _ in sheets]
    pages = {_in_folder(ofd_parts.page_file(at)): ofd_parts.page(sheet, resources) for at, sheet in enumerate(sheets)}
    font_files = {number: (face, f"font_{number}.otf") for face, (number, _) in fonts.used.items()}
    picture_files = [(number, f"image_{number}.png", png) for number, png in pictures.used.values()]
    files = {
        ofd_parts.MAIN: ofd_parts.main(document_id=uuid4().hex, title=title, made_on=made_on, metadata=metadata),
        ofd_parts.DOCUMENT: ofd_parts.document(sheets, page_ids, next(numbers)),
        _in_folder("PublicRes.xml"): ofd_parts.public_resources(
            (number, face.family, face.weight >= BOLD, file) for number, (face, file) in font_files.items()
        ),
        _in_folder("DocumentRes.xml"): ofd_parts.document_resources((n, file) for n, file, _ in picture_files),
        **pages,
    }
    for face, (number, characters) in fonts.used.items():
        files[_in_folder(f"Res/{font_files[number][1]}")] = subset(face, characters)
    for _, file, png in picture_files:
        files[_in_folder(f"Res/{file}")] = png
    return packed(files)


def _in_folder(name: str) -> str:
    return f"{ofd_parts.FOLDER}/{name}"
