"""What a licence says, under the names of GB/T 36903; a face item is written `KZ_<key>`. The signed record is made of this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

PERSON, COMPANY = "person", "company"
# Holder code types (持证主体代码类型, GA/T 2000.156): the number and what it is called.
NUMBER_KINDS = {"001": "统一社会信用代码", "111": "公民身份号码", "099": "其他法人或其他组织代码", "414": "普通护照"}
FOREVER = "9999-12-31"  # how long-term validity is written outside; within it is no date at all
RECORD_VERSION = 1

NAMES = {
    "ZZMC": "证照名称", "ZZLXDM": "证照类型代码", "ZZBH": "证照编号", "ZZBS": "证照标识", "ZZBFJG": "证照颁发机构",
    "ZZBFJGDM": "证照颁发机构代码", "ZZBFRQ": "证照颁发日期", "CZZT": "持证主体", "CZZTDM": "持证主体代码",
    "CZZTDMLX": "持证主体代码类型", "CZZTDMLXDM": "持证主体代码类型代码", "ZZYXQQSRQ": "证照有效期起始日期",
    "ZZYXQJZRQ": "证照有效期截止日期", "CJSJ": "创建时间",
}  # fmt: skip
FACE = "KZ_"


@dataclass(frozen=True)
class Holder:
    """Whose licence it is. `kind` is `person` or `company`; `owner_id` is None for one who is not registered with us."""

    kind: str
    number: str
    name: str
    owner_id: Any = None

    @property
    def number_kind(self) -> str:
        return "001" if self.kind == COMPANY else "111"


def metadata(
    *,
    type_name: str,
    type_code: str,
    number: str,
    identifier: str,
    issuer_name: str,
    issuer_code: str,
    issued_on: date,
    holder: Holder,
    valid_from: date | None,
    valid_until: date | None,
    fields: Mapping[str, Any],
    at: datetime,
) -> dict[str, str]:
    """Every element as text. `CJSJ` is the moment in UTC, so that the record reads the same anywhere."""
    elements = {
        "ZZMC": type_name,
        "ZZLXDM": type_code,
        "ZZBH": number,
        "ZZBS": identifier,
        "ZZBFJG": issuer_name,
        "ZZBFJGDM": issuer_code,
        "ZZBFRQ": issued_on.isoformat(),
        "CZZT": holder.name,
        "CZZTDM": holder.number,
        "CZZTDMLX": NUMBER_KINDS[holder.number_kind],
        "CZZTDMLXDM": holder.number_kind,
        "ZZYXQQSRQ": valid_from.isoformat() if valid_from else "",
        "ZZYXQJZRQ": valid_until.isoformat() if valid_until else FOREVER,
        "CJSJ": at.isoformat(timespec="seconds"),
    }
    return elements | {f"{FACE}{key}": str(value) for key, value in fields.items() if value not in (None, "")}


def record_of(elements: Mapping[str, str]) -> dict[str, Any]:
    """The record that is signed. `form` says how to read it, for whoever meets it in ten years."""
    return {"form": f"tongban/licence/{RECORD_VERSION}", "metadata": dict(elements)}


def gathered_record(elements: Mapping[str, str], *, batch: str, line: int, table: str, on: date) -> dict[str, Any]:
    """The record of history: it says of itself that it was gathered, when, and from which line of which table (SHA-256)."""
    told = {"batch": batch, "line": line, "on": on.isoformat(), "table": table}
    return {"form": f"tongban/licence-gathered/{RECORD_VERSION}", "gathered": told, "metadata": dict(elements)}


def long_term(value: date | None) -> bool:
    """No end, or one of the dates by which other systems say so."""
    return value is None or value >= date(2099, 12, 31)
