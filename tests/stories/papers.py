"""Files people bring: a small photograph, a page as PDF, and the kinds that are refused."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from pypdf import PdfWriter

Upload = dict[str, Any]


def photo(name: str = "平面图.png", colour: str = "#7fb2d9") -> Upload:
    out = io.BytesIO()
    Image.new("RGB", (320, 220), colour).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def page(name: str = "检测报告.pdf") -> Upload:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return {"name": name, "mimeType": "application/pdf", "buffer": out.getvalue()}


def nothing(name: str = "空文件.pdf") -> Upload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b""}


def renamed(name: str = "其实是图片.pdf") -> Upload:
    return {**photo(), "name": name, "mimeType": "application/pdf"}
