"""The files of a signature in an OFD package (GB/T 33190-2016 chapter 18): what each says, and which file is protected by which."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .ofd_parts import FOLDER, numbers, root, tag, words

SM3 = "1.2.156.10197.1.401"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
SIGNS = f"{FOLDER}/Signs"
LIST = f"{SIGNS}/Signatures.xml"


@dataclass(frozen=True)
class Stamped:
    """Where a seal is seen: number of the annotation, number of the page object, place in mm; `clip` shows a part of the seal only."""

    page_id: int
    x: float
    y: float
    w: float
    h: float
    clip: tuple[float, float, float, float] | None = None


def folder_of(order: int) -> str:
    return f"{SIGNS}/Sign_{order}"


def signature_xml(
    *, order: int, references: Mapping[str, bytes], stamped: Iterable[Stamped], at: str, first_id: int
) -> bytes:
    """`Signature.xml`: every protected file with its SM3, and where the seal is seen. Its own SM3 is what the seal signs."""
    provider = tag("Provider", ProviderName="Tongban", Version="1.0", Company="Tongban")
    listed = "".join(
        tag("Reference", words("CheckValue", base64.b64encode(value).decode()), FileRef=f"/{name}")
        for name, value in references.items()
    )
    stamps = "".join(
        tag(
            "StampAnnot",
            ID=f"s{first_id + place:03d}",
            PageRef=one.page_id,
            Boundary=numbers(one.x, one.y, one.w, one.h),
            **({"Clip": numbers(*one.clip)} if one.clip else {}),
        )
        for place, one in enumerate(stamped)
    )
    info = (
        provider
        + words("SignatureMethod", SM2_WITH_SM3)
        + words("SignatureDateTime", at)
        + tag("References", listed, CheckMethod=SM3)
        + stamps
        + tag("Seal", words("BaseLoc", f"/{folder_of(order)}/Seal.esl"))
    )
    signed = words("SignedValue", f"/{folder_of(order)}/SignedValue.dat")
    return root("Signature", tag("SignedInfo", info) + signed)


def list_xml(orders: Iterable[int]) -> bytes:
    """`Signatures.xml`: the signatures of the package in turn. It alone is protected by none, for the next one adds itself here."""
    orders = list(orders)
    told = words("MaxSignId", f"s{len(orders):03d}") + "".join(
        tag("Signature", ID=f"s{place + 1:03d}", Type="Seal", BaseLoc=f"/{folder_of(order)}/Signature.xml")
        for place, order in enumerate(orders)
    )
    return root("Signatures", told)
