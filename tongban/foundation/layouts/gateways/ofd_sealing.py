"""Adding a signature to an OFD package: what is listed, where the seal is seen, and the files that go in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from asn1crypto import core
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.layouts.rules import ofd_parts, ofd_signing
from tongban.foundation.layouts.rules.ofd_signing import Stamped

from .packages import packed, unpacked

OFD = f"{{{ofd_parts.NAMESPACE}}}"
NARROWEST = 2.0  # mm of a seal on one edge: 骑缝章 over more pages begins again


class Unsealable(Exception):
    """Not an OFD of ours, or no such place in it."""


def sealed(
    ofd: bytes,
    *,
    places: Sequence[tuple[int, float, float]],
    size: tuple[float, float],
    straddle: float | None,
    at: str,
    sign: Callable[[bytes, str], bytes],
) -> bytes:
    """One more signature: `sign` gets the SM3 of `Signature.xml` and its path, and gives SES_Signature in DER."""
    package = unpacked(ofd)
    files = package.files
    if package.faults:
        raise Unsealable
    try:
        pages = _pages(files)
        stamped = [*_seen(places, pages, size), *(_strips(pages, size, straddle) if straddle is not None else ())]
        orders = _orders(files)
    except (ElementTree.ParseError, DefusedXmlException, KeyError, ValueError, IndexError, TypeError):
        raise Unsealable from None
    if not stamped:
        raise Unsealable
    order = len(orders)
    files[ofd_signing.LIST] = ofd_signing.list_xml([*range(order), order])
    files[ofd_parts.MAIN] = _with_list(files[ofd_parts.MAIN])
    path = f"{ofd_signing.folder_of(order)}/Signature.xml"
    references = {name: bytes.fromhex(sm3(data)) for name, data in sorted(files.items()) if name != ofd_signing.LIST}
    xml = ofd_signing.signature_xml(
        order=order, references=references, stamped=stamped, at=at, first_id=_first_id(files, orders)
    )
    value = sign(bytes.fromhex(sm3(xml)), f"/{path}")
    files[path] = xml
    files[f"{ofd_signing.folder_of(order)}/Seal.esl"] = _seal_in(value)
    files[f"{ofd_signing.folder_of(order)}/SignedValue.dat"] = value
    return packed(files)


def _seal_in(signature: bytes) -> bytes:
    """The seal inside a SES_Signature: the second part of what is signed."""
    to_sign = core.SequenceOf.load(signature, spec=core.Any)[0].dump()
    return bytes(core.SequenceOf.load(to_sign, spec=core.Any)[1].dump())


def _pages(files: dict[str, bytes]) -> list[tuple[int, float, float]]:
    """(number, width, height) of each page."""
    document = ElementTree.fromstring(files[ofd_parts.DOCUMENT])
    usual = document.findtext(f"{OFD}CommonData/{OFD}PageArea/{OFD}PhysicalBox") or ""
    found = []
    for page in document.iter(f"{OFD}Page"):
        content = ElementTree.fromstring(files[f"{ofd_parts.FOLDER}/{page.get('BaseLoc')}"])
        box = (content.findtext(f"{OFD}Area/{OFD}PhysicalBox") or usual).split()
        found.append((int(page.get("ID")), float(box[2]), float(box[3])))
    return found


def _seen(
    places: Sequence[tuple[int, float, float]], pages: list[tuple[int, float, float]], size: tuple[float, float]
) -> Iterator[Stamped]:
    for page, x, y in places:
        if not 0 <= page < len(pages):
            raise IndexError(page)
        number, width, height = pages[page]
        if x < 0 or y < 0 or x + size[0] > width + 0.5 or y + size[1] > height + 0.5:
            raise ValueError(page)
        yield Stamped(number, x, y, *size)


def _strips(pages: list[tuple[int, float, float]], size: tuple[float, float], top: float) -> Iterator[Stamped]:
    """骑缝章: laid on each other with their right edges shifted, the pages together show the whole seal."""
    if len(pages) < 2:
        return
    most = int(size[0] // NARROWEST)
    for first in range(0, len(pages), most):
        group = pages[first : first + most]
        strip = size[0] / len(group)
        for place, (number, width, height) in enumerate(group):
            if not 0 <= top <= height - size[1]:
                raise ValueError(top)
            left = strip * place
            yield Stamped(number, width - left - strip, top, *size, clip=(left, 0, strip, size[1]))


def _orders(files: dict[str, bytes]) -> list[int]:
    """How many signatures there are, when all of them are ours."""
    if ofd_signing.LIST not in files:
        return []
    listed = ElementTree.fromstring(files[ofd_signing.LIST]).iter(f"{OFD}Signature")
    orders = list(range(len(list(listed))))
    if any(f"{ofd_signing.folder_of(order)}/Signature.xml" not in files for order in orders):
        raise ValueError
    return orders


def _first_id(files: dict[str, bytes], orders: list[int]) -> int:
    """Stamps are numbered through the package."""
    found = sum(files[f"{ofd_signing.folder_of(order)}/Signature.xml"].count(b"<ofd:StampAnnot") for order in orders)
    return found + 1


def _with_list(main: bytes) -> bytes:
    """`OFD.xml` naming the list of signatures; written once, with the first signature, which protects it."""
    if b"<ofd:Signatures>" in main:
        return main
    named = ofd_parts.words("Signatures", f"/{ofd_signing.LIST}").encode()
    head, end, tail = main.rpartition(b"</ofd:DocBody>")
    if not end:
        raise Unsealable
    return head + named + end + tail
