"""How divisions nest (statistical division codes), what an office's code looks like (GB 32100), what a seat is for."""

from __future__ import annotations

import hashlib

from pypinyin import lazy_pinyin

from tongban.foundation.kernel.identifiers import organisation_check, uscc_check, uscc_fault

MANAGE = "organisations.manage"

# Digits that name a division of level 1 to 5; the rest are zeros.
LEVEL_DIGITS = (2, 4, 6, 9, 12)

# What a seat is for; the rights of each role are in identity/rules.py.
ROLES = {
    "clerk": "窗口收件",
    "reviewer": "审查",
    "approver": "审批",
    "item_manager": "事项管理",
    "standard_keeper": "事项标准管理",
    "dept_head": "部门负责人",
    "supervisor": "电子监察",
    "hall_manager": "大厅管理",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "audit_admin": "审计管理员",
    "operator": "运行维护",
    "hotline": "热线话务",
    "data_steward": "数据专员",
    "data_admin": "数据平台管理",
}


def padded(code: str) -> str:
    """A short division code as twelve digits."""
    return code.ljust(12, "0")


def level_of(code: str) -> int:
    """1 province … 5 village, from a 12-digit code."""
    return next(level for level, digits in enumerate(LEVEL_DIGITS, 1) if not code[digits:].strip("0"))


def parent_of(code: str) -> str | None:
    """The 12-digit code one level up; None above a province."""
    level = level_of(code)
    return None if level == 1 else padded(code[: LEVEL_DIGITS[level - 2]])


def invented_uscc(name: str, area: str) -> str:
    """A valid code for an office the list gives none, the same every time: registry 1, kind 1, a made-up body."""
    body = str(int(hashlib.sha256(name.encode()).hexdigest(), 16))[-8:]
    first17 = f"11{area[:6]}{body}{organisation_check(body)}"
    return first17 + uscc_check(first17)


def best_code(codes: list[str]) -> str | None:
    """The first valid unified social credit code among those the list gives, case mended; None if all are dirty."""
    return next((code.upper() for code in codes if uscc_fault(code.upper()) is None), None)


def pinyin_of(text: str) -> str:
    """The sort key of a Chinese name: pinyin without tones, syllables apart, so that 西安 stands before 先."""
    return " ".join(lazy_pinyin(text)).lower()[:200]


def department_key(short_name: str) -> str:
    """The sort key of a department: 区卫健局 stands under W, as people look for it."""
    return pinyin_of(short_name.removeprefix("广安").removeprefix("区") or short_name)
