"""How values are shown to people: masked or in full, in words, as the register's own rules say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tongban.data.registries import queries
from tongban.data.registries.models import Record, Register
from tongban.data.registries.rules import COMPANY_KINDS, NATIONS, SEXES, columns_of, element_of, sources_of
from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable
from tongban.foundation.kernel.listing import listed
from tongban.foundation.organisations.queries import division_path

TOLD = (Refused, Conflict, Unavailable)
CODES: dict[str, dict[str, str]] = {"sex": SEXES, "nation": NATIONS, "kind": COMPANY_KINDS}
ON_A_LINE = 4
MASKS = {
    "": lazy("不脱敏"), "name": lazy("姓名"), "id_number": lazy("身份证号"), "phone": lazy("电话"),
    "day": lazy("日期只留年"), "address": lazy("地址"), "holder_name": lazy("主体名称"),
    "holder_number": lazy("主体代码"), "number": lazy("18位的号码"), "last_part": lazy("合成主键的最后一段"),
}  # fmt: skip
CHECKS = {
    "": lazy("不检查"), "id_number": lazy("身份证号"), "uscc": lazy("统一社会信用代码"),
    "mobile": lazy("手机号"), "division": lazy("区划代码"),
}  # fmt: skip
LEVELS = {
    "": lazy("没有说"), "1": lazy("一级（公开）"), "2": lazy("二级（内部）"), "3": lazy("三级（敏感）"), "4": lazy("四级（高敏感）"),
    "5": lazy("重要数据"), "6": lazy("核心数据"),
}  # fmt: skip
DIVISION = re.compile(r"^[0-9]{12}|[0-9]{12}$")


class Face:
    """A register as pages show it. One query, however many values."""

    def __init__(self, register: Register, content: dict[str, Any] | None = None) -> None:
        """`content`: rules that are not in force, to see what they would show."""
        self.register = register
        self.content = queries.content_of(register) if content is None else content

    def title(self, element: str) -> str:
        return str((element_of(self.content, element) or {}).get("title") or element)

    def text(self, element: str, value: Any, *, full: bool = False) -> str:
        """A value in words, masked unless `full`."""
        known = element_of(self.content, element) or {}
        seen = value if full else queries.masked_value(self.register.code, element, value, known.get("mask", ""))
        return shown(element, seen, known.get("codes"))

    def whole(self, element: str, text: str) -> Any:
        """A value of several parts, run together for comparing, as a value again, so that it is masked as one: an address keeps its
        division only."""
        origins = (element_of(self.content, element) or {}).get("from") or [{}]
        if "division" not in columns_of(origins[0]):
            return text
        told = DIVISION.search(text)
        return {"division": told.group() if told else "", "detail": DIVISION.sub("", text)}

    def line(self, kept: Record) -> list[str]:
        """A record in a list: masked, its first four elements."""
        return [self.text(name, entry["value"]) for name, entry in list(kept.values.items())[:ON_A_LINE]]

    def sources(self, datasets: Iterable[str]) -> list[str]:
        """Datasets by what the register's rules call them."""
        known = sources_of(self.content)
        return [str(known.get(one, {}).get("title") or one) for one in datasets]

    def codes(self, element: str) -> dict[str, str] | None:
        return (element_of(self.content, element) or {}).get("codes")

    @property
    def hides(self) -> bool:
        """Whether anything of it is masked at all: figures of the economy are not."""
        told = any(one.get("mask") for one in self.content.get("elements", []))
        return told or self.register.personal or self.register.code == queries.LEGAL_PERSONS


def shown(element: str, value: Any, codes: dict[str, str] | None = None) -> str:
    """A value in words: a division by its names, money in yuan, a code by what it stands for."""
    if isinstance(value, dict):
        division = str(value.get("division", ""))
        place = "".join(one.name for one in division_path(division)) if division else ""
        return f"{place}{value.get('detail', '')}" or listed(str(one) for one in value.values())
    if codes:
        told = codes.get(str(value))
        return _(told) if told else str(value)
    if element == "capital" and isinstance(value, int):
        return f"¥{value / 100:,.2f}"
    return CODES.get(element, {}).get(str(value), str(value))
