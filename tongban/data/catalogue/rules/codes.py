"""Codes of data resources: class, item, entry and detail, a stroke, and a running number (政务信息资源目录编制指南, 附录)."""

from __future__ import annotations

import re

SHAPE = re.compile(r"[1-9]\d{2}\d{3}\d{0,12}/\d{1,6}")
ENTRY, DETAIL = re.compile(r"\d{3}"), re.compile(r"\d{0,12}")
NUMBER_WIDTH = 6


def prefix_of(class_item: str, entry: str, detail: str) -> str:
    """What stands before the stroke. `class_item` has three digits: class (类) and item (项)."""
    return f"{class_item}{entry}{detail}"


def compose(prefix: str, number: int) -> str:
    return f"{prefix}/{number:0{NUMBER_WIDTH}}"


def is_resource_code(code: str) -> bool:
    return bool(SHAPE.fullmatch(code))


def taken_apart(code: str) -> dict[str, str]:
    """类, 项, 目, 细目 and number of a code that is one."""
    prefix, _stroke, number = code.partition("/")
    return {
        "class": prefix[:1],
        "class_item": prefix[:3],
        "entry": prefix[3:6],
        "detail": prefix[6:],
        "number": number,
    }


def system_code(uscc: str, number: int) -> str:
    """A system's: the credit code of its department and a running number."""
    return f"{uscc}-S{number:03}"
