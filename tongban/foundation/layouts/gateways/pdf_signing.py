"""Signing PDFs (PAdES B-T, then B-LT) with a key that stays where it is: pyHanko writes, callbacks sign and stamp."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from asn1crypto import algos, cms, crl, x509
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfCMSSignedAttributes
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

MM = 72 / 25.4  # points
RESERVED = 24_000  # hex digits: bytes for the signature with its time stamp
ECDSA = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
PREFIX = "Seal"


@dataclass(frozen=True)
class Place:
    """Where a seal is seen: page from 0, mm from the top left."""

    page: int
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Hand:
    """Who signs: a certificate with those above it, and the two things only the key store can do."""

    certificate: bytes
    chain: list[bytes]  # above the certificate, without the root
    sign: Callable[[bytes], bytes]
    stamp: Callable[[bytes], bytes]  # SHA-256 digest → RFC 3161 token


class Unsealable(Exception):
    """Not a PDF that can be signed, or no such place in it."""


class _Signer(Signer):
    def __init__(self, hand: Hand) -> None:
        known = SimpleCertificateStore()
        known.register_multiple(x509.Certificate.load(der) for der in hand.chain)
        certificate = x509.Certificate.load(hand.certificate)
        super().__init__(signing_cert=certificate, cert_registry=known, signature_mechanism=ECDSA)
        self._sign = hand.sign

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(72) if dry_run else self._sign(data)


@lru_cache(maxsize=64)
def _planes(png: bytes) -> tuple[int, int, bytes, bytes]:
    """A picture's size, its colours and its transparency, deflated as PDF wants them. Decoding is the slow part: kept."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGBA")
    colours, clear = picture.convert("RGB").tobytes(), picture.getchannel("A").tobytes()
    return picture.width, picture.height, zlib.compress(colours, 6), zlib.compress(clear, 6)


class _Face(PdfContent):
    """A picture that fills its box."""

    def __init__(self, png: bytes, width: float, height: float) -> None:
        super().__init__(box=BoxConstraints(width=width, height=height))
        self._png = png

    def render(self) -> bytes:
        width, height, colours, clear = _planes(self._png)
        mask = self._ensure_writer.add_object(_image(width, height, "/DeviceGray", clear))
        drawn = self._ensure_writer.add_object(_image(width, height, "/DeviceRGB", colours, mask))
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Face"), drawn)
        return b"q %g 0 0 %g 0 0 cm /Face Do Q" % (self.box.width, self.box.height)


def _image(width: int, height: int, space: str, data: bytes, mask: Any = None) -> generic.StreamObject:
    told = {
        pdf_name("/Type"): pdf_name("/XObject"),
        pdf_name("/Subtype"): pdf_name("/Image"),
        pdf_name("/Width"): generic.NumberObject(width),
        pdf_name("/Height"): generic.NumberObject(height),
        pdf_name("/BitsPerComponent"): generic.NumberObject(8),
        pdf_name("/ColorSpace"): pdf_name(space),
        pdf_name("/Filter"): pdf_name("/FlateDecode"),
    }
    if mask is not None:
        told[pdf_name("/SMask")] = mask
    return generic.StreamObject(told, encoded_data=data)


async def _signed(
    signer: PdfSigner, own: _Signer, writer: IncrementalPdfFileWriter
) -> tuple[Any, Any, cms.ContentInfo]:
    """The document with room for a signature, and the signature. Nothing in here asks the database: it runs in a loop."""
    prepared, _document, output = await signer.async_digest_doc_for_signing(writer, bytes_reserved=RESERVED)
    attributes = PdfCMSSignedAttributes()
    signature = await own.async_sign(
        prepared.document_digest, "sha256", use_pades=True, signed_attr_settings=attributes
    )
    return prepared, output, signature


def _stamped(signature: cms.ContentInfo, hand: Hand) -> cms.ContentInfo:
    """The signature with a time stamp over its value, which makes B-B into B-T."""
    (signer,) = signature["content"]["signer_infos"]
    token = hand.stamp(hashlib.sha256(signer["signature"].native).digest())
    attribute = {"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}
    signer["unsigned_attrs"] = cms.CMSAttributes(
        [attribute], implicit=1
    )  # tagged later it would be copied whole, for a second
    return signature


def sealed(pdf: bytes, *, place: Place, png: bytes, hand: Hand, reason: str) -> bytes:
    """The PDF with one more signature and its seal, added at the end: what was signed before stays as it was (PAdES B-T)."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        count = len(list(writer.prev.embedded_signatures))
        box = _box(writer, place)
    except Unsealable:
        raise
    except Exception as error:  # pyHanko tells what is broken in many ways; whatever it is, this cannot be sealed
        raise Unsealable from error
    meta = PdfSignatureMetadata(
        field_name=f"{PREFIX}{count + 1}",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
    )
    style = StaticStampStyle(border_width=0, background=_Face(png, place.w * MM, place.h * MM))
    field = SigFieldSpec(sig_field_name=f"{PREFIX}{count + 1}", on_page=place.page, box=box)
    own = _Signer(hand)
    signer = PdfSigner(meta, own, stamp_style=style, new_field_spec=field)
    prepared, output, signature = asyncio.run(_signed(signer, own, writer))
    prepared.fill_with_cms(output, _stamped(signature, hand))
    return bytes(output.getvalue())


def _box(writer: IncrementalPdfFileWriter, place: Place) -> tuple[int, int, int, int]:
    """The place in points from the bottom left of its page."""
    pages = writer.prev.root["/Pages"]
    if not 0 <= place.page < int(pages["/Count"]):
        raise Unsealable
    page, _resources = writer.find_page_for_modification(place.page)
    left, bottom, right, top = (float(edge) for edge in _media_box(page.get_object()))
    x, y = left + place.x * MM, top - (place.y + place.h) * MM
    if place.x < 0 or place.y < 0 or x + place.w * MM > right + 1 or y < bottom - 1:
        raise Unsealable
    return round(x), round(y), round(x + place.w * MM), round(y + place.h * MM)


def _media_box(page: Any) -> Any:
    while "/MediaBox" not in page:
        page = page["/Parent"]
    return page["/MediaBox"]


def with_proofs(pdf: bytes, *, certificates: Iterable[bytes], revoked: Iterable[bytes]) -> bytes:
    """The PDF with what a check needs years later: certificates and lists of revoked ones (PAdES B-LT)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    last = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures[-1]
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        last.pkcs7_content.hex().encode("ascii").upper(),
        certs=[x509.Certificate.load(der) for der in certificates],
        crls=[crl.CertificateList.load(der) for der in revoked],
    )
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
