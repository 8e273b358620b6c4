"""A typed name as a picture, for those who cannot draw one."""

from __future__ import annotations

from pathlib import Path

import typst
from django.conf import settings

PAGE = """#set page(width: 128mm, height: 44mm, margin: 4mm, fill: none)
#set text(size: 34pt, font: ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC"), lang: "zh")
#align(center + horizon, sys.inputs.name)
"""


def name_as_picture(name: str) -> bytes:
    """A PNG with transparent ground. The name is data to the typesetter, never part of its program."""
    fonts = Path(settings.HOME) / "fonts"
    typesetter = typst.Compiler(font_paths=[str(fonts)] if fonts.is_dir() else [])
    pages = typesetter.compile(input=PAGE.encode(), format="png", ppi=127.0, sys_inputs={"name": name})
    return pages[0] if isinstance(pages, list) else pages or b""
