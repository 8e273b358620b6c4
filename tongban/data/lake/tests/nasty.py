"""Values as departments write them, a work and guards that ask all there is of them: a part of a batch for two engines to agree on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from tongban.foundation.kernel.identifiers import citizen_id_check
from tongban.foundation.kernel.quoting import literal

AREA, DAYS = "110101", ("19900307", "19850121", "20011231")
FIRST = [f"{AREA}{day}{order:03}" for day in DAYS for order in range(1, 60, 2)]
# Invented persons (示例) as departments write them: nine times in ten the first of a list, or a good number.
SAID: dict[str, list[str | None]] = {
    "sfz": [
        "110101199003070011",
        "11010119900307001x",
        " 110101198501210022",
        "１１０１０１２００１１２３１００３３",
        "110101199902300044",
        "abc",
        None,
        "",
        "11010519491231002X",
        "440308199901010012",
        "11010519491231002x\u3000",
    ],
    "csrq": [
        "1990-03-07",
        "19850121",
        "2001年12月31日",
        "九月初九",
        "1990/1/2",
        "1990.01.02",
        "79-1-1",
        "45000",
        "45000.5",
        "民国79年1月2日",
        "79/1/2",
        None,
        "",
        "1990-3-7 1:2:3",
        "1990/03/07 01:02",
        "19900230",
        "199011",
        "1990112",
    ],
    "d": [
        "2001-1-5",
        "2001/1/5",
        "2001\\1\\5",
        "2001 1 5",
        "2001-1/5",
        "79-1-1",
        "2001-01-01 10:00",
        "2001-02-29",
        "20010101",
        "2001-01-01T00",
        "2001-001-01",
        "2001-1",
        "2001-01-05日",
        "2001年1月5日",
        "2001.1.5",
        None,
        "2001-01-01 abc",
        "2001-01-05T01:02:03+08:00",
        "1990112",
    ],
    "m": [
        "2001-1-5",
        "2001/1/5 1:2",
        "2001-01-05T01:02:03",
        "2001-01-05 01:02:03.1234567",
        "2001-01-05 01:02:03Z",
        "2001-01-05 01:02:03+08",
        "2001-01-05 01:02:03+08:00",
        "2001-01-05 01:02:03-0330",
        "2001-01-05 25:00:00",
        "2001-01-05 10",
        "1986-06-01 12:00:00",
        "1991-12-31 23:59:59",
        "1992-01-01 00:00:00",
        "1950-01-01",
        None,
        "x",
        "2001-01-05 01:02:03.",
    ],
    "i": [
        "+5",
        "-5",
        "1.5",
        "2.5",
        "-1.5",
        "1e3",
        "1_000",
        "5.",
        ".5",
        "",
        "9223372036854775808",
        "１",
        "1,234",
        "--1",
        ".",
        "1e",
        "1e-1",
        "12",
        "0x1f",
        "0XFF_ff",
        "-0x1f",
        "0x",
        "0b101",
        "0xffffffffffffffff",
        "0x7fffffffffffffff",
    ],
    "f": [
        "+5",
        "nan",
        "-nan",
        "inf",
        "-inf",
        "Infinity",
        "-0",
        "1e16",
        "12345678",
        "0.00012",
        "1e-400",
        "1e400",
        "1_0",
        ".5",
        "5.",
        "1d",
        "1f",
        "1,000.5",
        "1_",
        ".",
        None,
        "0.1",
        "1e-7",
        "123456789.123",
    ],
    "dec": [
        "+5",
        "1.0000005",
        "1.00000049",
        "1e3",
        ".5",
        "5.",
        "1_0",
        "nan",
        "12345678901234567890123",
        "1,000.5",
        "-0.0000005",
        None,
    ],
    "y": ["1", "是", "Y", "no", "否", "maybe", None, "TRUE", "0"],
    "sex": ["男", "女", "1", "2", "9", None, " 男 "],
    "div": ["北京市东城区", "上海市", "\u3000北京市\u3000", None, ""],
    "tel": ["13800138000", "138-0013-8000", "１３８", None, "12345678901", "+86 13800138000"],
    "qh": ["110101000000", "11010100000x", None, "440308001002"],
    "u": ["91110000MA0000001X", "911100007109254421", "91350100M000100Y43", "123", None, "9135O100M000100Y43"],
}
WORK: dict[str, Any] = {
    "columns": [
        {"name": "number", "source": "sfz", "check": "id_number", "required": True,
         "steps": [{"do": "blanks"}, {"do": "half_width"}, {"do": "upper"}]},
        {"name": "born_on", "source": "csrq", "kind": "date", "steps": [{"do": "date", "excel": True, "minguo": True}]},
        {"name": "moved_on", "source": "d", "kind": "date"},
        {"name": "seen_at", "source": "m", "kind": "moment"},
        {"name": "size", "source": "i", "kind": "integer"},
        {"name": "share", "source": "f", "kind": "number"},
        {"name": "sum", "source": "dec", "kind": "decimal"},
        {"name": "alive", "source": "y", "kind": "yes_no"},
        {"name": "sex", "source": "sex", "codes": ["1", "2"], "steps": [{"do": "codes", "values": {"男": "1", "女": "2"}}]},
        {"name": "place", "source": "div", "steps": [{"do": "division", "values": {"北京市": "110000000000"}}]},
        {"name": "phone", "source": "tel", "check": "mobile", "steps": [{"do": "digits"}]},
        {"name": "uscc", "source": "u", "check": "uscc", "asked": [{"kind": "length", "most": 18}]},
        {"name": "area", "source": "qh", "check": "division", "steps": [{"do": "upper"}]},
    ],
    "newest": "m",
    "rejects": True,
}  # fmt: skip
GUARDS: dict[str, dict[str, Any]] = {
    "birth": {"kind": "id_birth", "columns": ["number", "born_on"]},
    "sex": {"kind": "id_sex", "columns": ["number", "sex"]},
    "form": {"kind": "format", "columns": ["uscc"], "pattern": "^[[:alnum:]\\p{Han}]+$"},
    "form_of_a_number": {"kind": "format", "columns": ["share"], "pattern": "(-?nan|[0-9]+[.][0-9]+|[0-9]e-07)"},
    "long": {"kind": "length", "columns": ["uscc"], "least": 4},
    "long_moment": {"kind": "length", "columns": ["seen_at"], "most": 25},
    "among": {"kind": "codes", "columns": ["sum"], "values": ["5.000000", "0.500000", "1000.000000", "1.000001"]},
    "there": {"kind": "not_null", "columns": ["sex"]},
    "checked": {"kind": "check_digit", "columns": ["uscc"], "digits": "uscc"},
    "much": {"kind": "range", "columns": ["size"], "least": "-3", "most": "900"},
    "when": {"kind": "range", "columns": ["seen_at"], "least": "1960-01-01", "most": "2001-01-05 01:02:03"},
    "after": {"kind": "compare", "columns": ["born_on", "moved_on"], "operator": "<="},
    "needs": {"kind": "needs", "columns": ["sex", "phone"], "value": "1"},
}
ROWS = 600


def persons(salt: int, rows: int = ROWS) -> Any:
    """A part. Each value is drawn from its list by a number that anybody can work out again; rows in the order of the file, as a CSV."""

    def write(path: Path, first: int) -> dict[str, Any]:
        drawn = [
            f"case when hash(row, {place}, {salt}) % 10 > 0 then {good_of(name)} else [{', '.join(map(said, values))}]"
            f"[1 + (hash(row, {place}, {salt}) // 16 % {len(values)})::int] end as {name}"
            for place, (name, values) in enumerate(SAID.items())
        ]
        broken = "case when hash(row, 99) % 20 = 0 then '7: …' end as _reject"
        with duckdb.connect() as duck:
            made = f"select {', '.join(drawn)}, {broken} from range({rows}) as drawn(row)"
            duck.execute(f"copy ({made}) to '{path}' (format parquet, compression zstd)")
        return {}

    return write


def good_of(name: str) -> str:
    """One of the good numbers, or the first of what is said."""
    if name == "sfz":
        numbers = ", ".join(said(first + citizen_id_check(first)) for first in FIRST)
        return f"[{numbers}][1 + (hash(row) % {len(FIRST)})::int]"
    if name == "i":
        return "(hash(row, 5) % 800)::varchar"
    return said("1990-03-07") if name == "d" else "null" if name in ("csrq", "u") else said(SAID[name][0])


def said(text: str | None) -> str:
    return "null" if text is None else literal(text)
