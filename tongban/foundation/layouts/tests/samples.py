"""Pages to draw in tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw


def ring() -> bytes:
    """A red ring, as a seal has one."""
    picture = Image.new("RGBA", (300, 300))
    ImageDraw.Draw(picture).ellipse((6, 6, 294, 294), outline=(200, 16, 46, 255), width=8)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def text(words: str, **other: Any) -> dict[str, Any]:
    return {"kind": "text", "x": 20, "y": 40, "w": 100, "h": 10, "text": words, "size": 14, **other}


def page(*marks: dict[str, Any], size: tuple[float, float] = (210, 297)) -> dict[str, Any]:
    return {"size": list(size), "marks": list(marks)}


def licence_pages() -> list[dict[str, Any]]:
    """What a licence may look like: every kind of mark, and rare characters."""
    return [
        page(
            {"kind": "rect", "x": 10, "y": 10, "w": 190, "h": 277, "width": 0.8, "colour": "#b3202c"},
            text("公共场所卫生许可证", x=20, y=30, w=170, h=20, size=32, font="hei", bold=True, align="center"),
            text("单位名称", x=20, y=70, w=35, font="hei"),
            text("广安区𬭎㐱𠮷“老张”（茶）楼，《一号》", x=60, y=70, w=130),
            text("广安市广安区人民路一百二十三号Guang'an Building三层（东侧）；另有“仓库”。", x=60, y=85, w=60, h=18),
            text("右边（对齐）", x=60, y=110, w=120, font="kai", align="right", colour="#1a3c8c"),
            {"kind": "line", "x1": 20, "y1": 125, "x2": 190, "y2": 125},
            {"kind": "qr", "x": 20, "y": 230, "w": 30, "text": "https://tongban.example/v/1.2.156.3005.2.1"},
            {"kind": "picture", "x": 140, "y": 220, "w": 42, "h": 42, "png": ring()},
            {"kind": "tiled", "text": "仅用于开办茶馆 2026-11-21"},
        )
    ]


METADATA = {"ZZMC": "公共场所卫生许可证", "ZZBS": "1.2.156.3005.2.1", "ZZBFJG": "广安区卫生健康局"}
