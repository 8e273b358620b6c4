"""QR codes: one way to make them, with the digits of a credential packed as digits."""

from __future__ import annotations

import re
from typing import Any

import segno

TAIL = re.compile(r"(.*#)([0-9]{100,})", re.DOTALL)


def qr_code(text: str) -> segno.QRCode:
    """Error correction M. Many digits behind a `#` go into a part of their own: ten bits for three, not twenty-four."""
    parts = TAIL.fullmatch(text)
    if not parts:
        return segno.make(text, error="m", micro=False)
    content: Any = [(parts[1], segno.consts.MODE_BYTE, None), (parts[2], segno.consts.MODE_NUMERIC, None)]
    return segno.make(content, error="m", micro=False)
