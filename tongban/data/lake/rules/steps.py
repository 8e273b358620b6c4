"""Making values alike before they are read (标准化): each step is one of a few, chosen by a steward, compiled into the one pass.

A step is `{"do": name, …}`. It takes a text and gives a text or nothing; what it cannot make alike it leaves as it is, to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tongban.foundation.kernel.quoting import literal

Step = Mapping[str, Any]
WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)) + " "
DATES = (
    "%Y%m%d",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
)
EXCEL_FIRST, EXCEL_LAST = 7_306, 73_050  # 1920-01-01 to 2099-12-31 as a spreadsheet counts days
MOST_PLACES = 5_000


def stepped(text: str, steps: Sequence[Step]) -> str:
    """The expression `text` after its steps, one after the other."""
    for step in steps:
        text = STEPS[step["do"]](text, step)
    return text


def step_faults(steps: Sequence[Step]) -> list[str]:
    """What is wrong with steps: `unknown`, or `values` where a mapping has none or too many."""
    faults = ["unknown" for step in steps if step.get("do") not in STEPS]
    mapped = [step for step in steps if step.get("do") in ("codes", "division")]
    return faults + ["values" for step in mapped if not 0 < len(step.get("values", {})) <= MOST_PLACES]


def _blanks(text: str, step: Step) -> str:
    return f"nullif(regexp_replace({text}, '[\\s\u3000\u00a0]+', '', 'g'), '')"


def _half_width(text: str, step: Step) -> str:
    return f"nullif(trim(translate({text}, {literal(WIDE)}, {literal(NARROW)})), '')"


def _digits(text: str, step: Step) -> str:
    return f"nullif(regexp_replace({text}, '[^0-9]', '', 'g'), '')"


def _upper(text: str, step: Step) -> str:
    return f"upper({text})"


def _date(text: str, step: Step) -> str:
    """ISO 8601. `excel`: a number of five digits is a spreadsheet's day; `minguo`: years up to 199 are the Republic's (民国)."""
    ways = ", ".join(literal(way) for way in DATES)
    read = f"try_strptime({text}, [{ways}])"
    tries = [f"case when {read} >= timestamp '1000-01-01' then strftime({read}, '%Y-%m-%d') end"]  # year 79 is nobody's
    if step.get("excel"):
        number = f"try_cast(try_cast({text} as double) as integer)"
        day = f"strftime(date '1899-12-30' + {number}, '%Y-%m-%d')"
        tries.append(f"case when {number} between {EXCEL_FIRST} and {EXCEL_LAST} then {day} end")
    if step.get("minguo"):
        parts = f"regexp_extract({text}, '^(?:民国)?0?([0-9]{{1,3}})[年./-]([0-9]{{1,2}})[月./-]([0-9]{{1,2}})日?$', ['y', 'm', 'd'])"
        year, month, day = (f"try_cast({parts}.{name} as integer)" for name in "ymd")
        tries.append(f"cast(try_cast(printf('%04d-%02d-%02d', {year} + 1911, {month}, {day}) as date) as varchar)")
    return f"coalesce({', '.join(tries)}, {text})"


def _codes(text: str, step: Step) -> str:
    """What `values` knows becomes its code."""
    cases = " ".join(f"when {literal(str(said))} then {literal(str(code))}" for said, code in step["values"].items())
    return f"case {text} {cases} else {text} end"


def _division(text: str, step: Step) -> str:
    """An address becomes the code of the longest place that `values` (place → code) knows in it; places are looked for longest first."""
    places = sorted(step["values"], key=len, reverse=True)
    pattern = "|".join(
        "".join(f"\\{sign}" if sign in r".\+*?()|[]{}^$" else sign for sign in place) for place in places
    )
    found = f"regexp_extract({text}, {literal(pattern)})"
    keys, codes = (
        ", ".join(literal(str(one)) for one in ones) for ones in (places, [step["values"][place] for place in places])
    )
    return f"coalesce([{codes}][list_position([{keys}], nullif({found}, ''))], {text})"


STEPS: Mapping[str, Callable[[str, Step], str]] = {
    "blanks": _blanks,
    "half_width": _half_width,
    "digits": _digits,
    "upper": _upper,
    "date": _date,
    "codes": _codes,
    "division": _division,
}
