"""A department's table of persons as it comes: invented, in no order, some of it wrong. What is measured on the lake reads this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

NATIONS = [f"{code:02d}" for code in range(1, 57)]
MARRIED = ["10", "20", "21", "22", "23", "30", "40", "90"]
EDUCATED = [f"{code}" for code in range(10, 100, 10)]
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张", "东南西北中春夏秋冬山水风云天地日月星辰明光"
COLUMNS: list[dict[str, Any]] = [
    {"name": "id_number", "source": "GMSFHM", "kind": "text", "required": True, "check": "id_number"},
    {"name": "name", "source": "XM", "kind": "text", "required": True},
    {
        "name": "sex",
        "source": "XB",
        "kind": "text",
        "codes": ["0", "1", "2", "9"],
        "steps": [{"do": "codes", "values": {"男性": "1", "女性": "2"}}],
    },
    {"name": "nation", "source": "MZ", "kind": "text", "codes": NATIONS},
    {"name": "born_on", "source": "CSRQ", "kind": "date"},
    {"name": "phone", "source": "SJHM", "kind": "text", "steps": [{"do": "blanks"}]},
    {"name": "married", "source": "HYZK", "kind": "text", "codes": MARRIED},
    {"name": "education", "source": "WHCD", "kind": "text", "codes": EDUCATED},
    {"name": "address", "source": "HJDZ", "kind": "text"},
    {"name": "changed", "source": "GXSJ", "kind": "moment"},
]
WORK = {"columns": COLUMNS, "newest": "GXSJ", "rejects": True}


def persons(path: Path, rows: int, *, changed: str) -> None:
    """So many rows of ten columns, some 130 bytes each, as CSV. One row in nine is of a person who came already.

    Of the rest: one number in 300 ends in a small x and one in 500 is a character short; nation 99, a day that does not exist, a
    full-width blank, 男性 for 1, a day with hyphens or a phone number with blanks come in one of 200 to 500, hyphens in one of ten. The
    same call gives the same file. Rows of two calls are of the same persons; those with the later day of `changed` are newer.
    """
    last = f"substr('10X98765432', 1 + ({_weighed('id')}) % 11, 1)"
    check = f"case when {_any('n', 300)} = 0 then 'x' when {_any('n', 500)} = 0 then '' else {last} end"
    name = f"concat('示例', {_sign(SURNAMES)}, {_sign(GIVEN)}, {_sign(GIVEN[1:])}, case when {_any('n', 400)} = 0 then '　' end)"
    sex = f"case when {_any('n', 250)} = 0 then '男性' else cast(1 + {_any('p', 2)} as varchar) end"
    nation = f"case when {_any('n', 333)} = 0 then '99' when {_any('p', 100)} < 91 then '01' else printf('%02d', 1 + {_any('p', 56)}) end"
    hyphens = "concat(left(day, 4), '-', substr(day, 5, 2), '-', right(day, 2))"
    born = f"case when {_any('n', 501)} = 0 then '19990231' when {_any('n', 10)} = 0 then {hyphens} else day end"
    phone = f"case when {_any('n', 200)} = 0 then '199 0000 0000' else printf('199%08d', {_any('p', 10**8)}) end"
    address = f"concat('示例区示例街道示例路', {_any('p', 997)}, '号', {_any('p', 97)}, '栋', {_any('p', 2311)}, '室')"
    moment = f"cast(timestamp '{changed}' - to_seconds({_any('n', 20 * 86400)}) as varchar)"
    columns = {
        "GMSFHM": f"left(id, 17) || {check}", "XM": name, "XB": sex, "MZ": nation, "CSRQ": born, "SJHM": phone,
        "HYZK": f"10 * (1 + {_any('p', 4)})", "WHCD": f"10 * (1 + {_any('p', 9)})", "HJDZ": address, "GXSJ": moment,
    }  # fmt: skip
    who = f"select n, case when n % 9 = 8 then {_any('n', int(rows))} else n end as p from range({int(rows)}) as t(n)"
    days = (
        f"select n, p, strftime(date '1940-01-01' + cast({_any('p', 30_000)} as integer), '%Y%m%d') as day from ({who})"
    )
    ids = f"select n, p, day, printf('5116%02d%s%03d0', {_any('p', 80)}, day, {_any('p', 1000)}) as id from ({days})"
    said = ", ".join(f"{expression} as {column}" for column, expression in columns.items())
    with duckdb.connect() as duck:
        duck.execute(f"copy (select {said} from ({ids})) to '{path}' (header, delimiter ',')")


def _weighed(digits: str) -> str:
    """The sum of GB 11643 over the first seventeen digits."""
    return " + ".join(
        f"(ascii(substr({digits}, {place}, 1)) - 48) * {2 ** (18 - place) % 11}" for place in range(1, 18)
    )


def _any(of: str, most: int) -> str:
    """A number below `most` that looks like chance and is the same in every run, of a row (`n`) or of a person (`p`)."""
    return f"cast(hash({of} + {most * 10**9}) % {most} as bigint)"


def _sign(of: str) -> str:
    return f"substr('{of}', 1 + {_any('p', len(of))}, 1)"
