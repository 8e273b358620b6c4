"""Item codes: 基本编码 12, 实施编码 31 = uscc 18 + level 1 + basic 12, 业务办理项编码 33, 办件编号 43 (GB/T 39554.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tongban.foundation.kernel.identifiers import uscc_fault

TASK_CODE_LENGTH = 31
HANDLING_ITEM_LENGTH = 33
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_SLUG = 60
# Words that stand where a code stands in an address, and codes that read like the id of a row.
RESERVED = frozenset(
    "definitions reviews suggest api new basic lists coverage online board import export library exchange four-lists".split()
)


@dataclass(frozen=True)
class TaskCode:
    """An implementation code taken apart; `handling_item` is the serial of a 33-digit code, else empty."""

    uscc: str
    use_level: str
    catalog_code: str
    handling_item: str = ""

    @property
    def task_type(self) -> str:
        return self.catalog_code[2:4]


def compose_task_code(uscc: str, use_level: str, catalog_code: str) -> str:
    """The 31 characters. Raises ValueError naming the part (`uscc`, `use_level`, `catalog_code`) that cannot be right."""
    if uscc_fault(uscc):
        raise ValueError("uscc")
    if len(use_level) != 1 or not use_level.isdigit():
        raise ValueError("use_level")
    if len(catalog_code) != 12 or not catalog_code.isalnum() or not catalog_code.isascii():
        raise ValueError("catalog_code")
    return uscc + use_level + catalog_code


def parse_task_code(code: str) -> TaskCode:
    """Take a 31- or 33-character code apart. Raises ValueError naming the part that cannot be right."""
    if len(code) not in (TASK_CODE_LENGTH, HANDLING_ITEM_LENGTH):
        raise ValueError("length")
    if uscc_fault(code[:18]):
        raise ValueError("uscc")
    if not code[18].isdigit():
        raise ValueError("use_level")
    return TaskCode(code[:18], code[18], code[19:31], code[31:])


def disagreements(code: str, *, uscc: str, use_level: str, task_type: str) -> list[str]:
    """Which parts of an implementation code (`length`, `uscc`, `use_level`, `task_type`) do not fit the item."""
    try:
        parsed = parse_task_code(code)
    except ValueError as fault:
        return [str(fault)]
    pairs = {
        "uscc": (parsed.uscc, uscc),
        "use_level": (parsed.use_level, use_level),
        "task_type": (parsed.task_type, task_type),
    }
    return [part for part, (written, true) in pairs.items() if written != true]


def is_slug(code: str) -> bool:
    """Whether this may stand in the address of a guide (网上代码)."""
    return len(code) <= LONGEST_SLUG and bool(SLUG.fullmatch(code)) and code not in RESERVED
