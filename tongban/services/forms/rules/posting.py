"""What a page's form posts, read as answers. Only fields of the form are read, so nothing can be smuggled in.

What cannot be read as a number, an amount or a day stays as it was typed, so that the person finds it there again.
Names: `area`, `staff.2.id`, `address.division`, `rent.from`; `_shown` lists the paths that stood on the page, `_do` is the
button pressed (`add:staff`, `remove:staff:1`, `clear:plan`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from .evaluation import is_empty
from .structure import MOST_ROWS, Field, plan_of
from .text import LONGEST, tidy_code

LEVELS = ("1", "2", "3", "4", "5")  # of an address: province, city, county, township, village
_PREFIX = {"1": 2, "2": 4, "3": 6, "4": 9, "5": 12}
_DAY = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,8})?")


class Post(Protocol):
    """A QueryDict, as far as we need it."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def getlist(self, key: str) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...


def read_day(text: str) -> str:
    """`2026/3/8`, `2026年3月8日` and `20260308` are 2026-03-08; anything else stays as it is."""
    plain = tidy_code(text)
    found = _COMPACT.fullmatch(plain) or _DAY.fullmatch(plain)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text.strip()


def read_number(text: str, *, whole: bool = False) -> int | float | str:
    """A number typed with full-width digits or thousands separators; what is none stays text."""
    plain = tidy_code(text).replace(",", "").replace("，", "")
    if not _NUMBER.fullmatch(plain):
        return text.strip()
    number = float(plain)
    if number.is_integer():
        return int(number)
    return text.strip() if whole else number


def read_money(text: str) -> int | str:
    """Yuan as typed (`1,200.5`, `1200.50元`, `￥1200`) in fen; what is no amount stays text."""
    plain = re.sub(r"[,，￥¥元]", "", tidy_code(text))
    if not re.fullmatch(r"\d{1,13}(?:\.\d{1,2})?", plain):
        return text.strip()
    yuan, _, fen = plain.partition(".")
    return int(yuan) * 100 + int((fen + "00")[:2])


def _division(post: Post, path: str) -> str:
    """The deepest level chosen that lies inside the ones above it; a level left over from another choice does not count."""
    code = ""
    for level in LEVELS:
        chosen = str(post.get(f"{path}.level{level}") or "")[:12]
        if not chosen or not re.fullmatch(r"\d{12}", chosen):
            break
        above = _PREFIX[str(int(level) - 1)] if level != "1" else 0
        if chosen[:above] != code[:above]:
            break
        code = chosen
    return code or str(post.get(f"{path}.division") or "")[:12]


def _address(_item: Field, post: Post, path: str) -> Any:
    code, detail = _division(post, path), _typed(post, f"{path}.detail")
    if not detail and code == post.get(f"{path}.offered"):
        return None  # only our own city stands there, which the page chose and not the person
    return {"division": code, "detail": detail}


def _range(_item: Field, post: Post, path: str) -> Any:
    return {part: read_day(_typed(post, f"{path}.{part}")) for part in ("from", "to")}


def _typed(post: Post, path: str) -> str:
    """What was typed, never more than a little beyond the longest any field takes: the rest is not even kept."""
    return str(post.get(path) or "")[: LONGEST + 1]


_READERS: dict[str, Callable[[Field, Post, str], Any]] = {
    "number": lambda item, post, path: read_number(_typed(post, path)),
    "integer": lambda item, post, path: read_number(_typed(post, path), whole=True),
    "money": lambda item, post, path: read_money(_typed(post, path)),
    "date": lambda item, post, path: read_day(_typed(post, path)),
    "date_range": _range,
    "address": _address,
    "checkboxes": lambda item, post, path: [str(value)[:200] for value in post.getlist(path) if value][:200],
    "boolean": lambda item, post, path: True if post.get(path) in ("true", "on", "1") else None,
}


def _rows(item: Field, post: Post, path: str, before: Any) -> list[dict[str, Any]]:
    """The rows that stood on the page, after the button that adds or removes one has done its work."""
    count = read_number(_typed(post, f"{path}._rows") or "0", whole=True)
    count = min(count, MOST_ROWS) if isinstance(count, int) and count > 0 else 0
    earlier = before if isinstance(before, list) else []
    rows = []
    for number in range(count):
        was = earlier[number] if number < len(earlier) and isinstance(earlier[number], dict) else {}
        rows.append(_fields(item.rows, post, f"{path}.{number}.", was))
    return _pressed(item, post, path, rows)


def _pressed(item: Field, post: Post, path: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    do = str(post.get("_do") or "")
    most = min(int(item.raw.get("max_items") or MOST_ROWS), MOST_ROWS)
    if do == f"add:{path}" and len(rows) < most:
        return [*rows, {}]
    verb, _, number = do.rpartition(":")
    if verb == f"remove:{path}" and number.isdecimal() and len(number) < 4:
        return [row for place, row in enumerate(rows) if place != int(number)]
    return rows


def _fields(fields: tuple[Field, ...], post: Post, prefix: str, before: dict[str, Any]) -> dict[str, Any]:
    shown = set(post.getlist("_shown")) if "_shown" in post else None
    answers: dict[str, Any] = {}
    for item in fields:
        path = prefix + item.key
        if item.type == "notice" or item.formula:
            continue
        if shown is not None and path not in shown:
            if item.key in before:
                answers[item.key] = before[item.key]  # hidden at the moment: what was typed earlier is not lost
            continue
        value = _value(item, post, path, before)
        if not is_empty(value) or (item.rows and value):
            answers[item.key] = value
    return answers


def _value(item: Field, post: Post, path: str, before: dict[str, Any]) -> Any:
    if item.rows:
        return _rows(item, post, path, before.get(item.key))
    if post.get("_do") == f"clear:{path}":
        return None
    reader = _READERS.get(item.type)
    return reader(item, post, path) if reader else _typed(post, path)


def parse_post(form: dict[str, Any], post: Post, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Answers from a posted page. `before`: the draft so far, whose answers to fields not on the page are kept."""
    return _fields(tuple(plan_of(form).fields.values()), post, "", before or {})


def parse_notes(form: dict[str, Any], post: Post) -> dict[str, str]:
    """What people wrote under “说明有误” beside prefilled values, by path."""
    notes = {key: _typed(post, f"{key}.note")[:1000].strip() for key in plan_of(form).fields}
    return {key: note for key, note in notes.items() if note}


def field_at(form: dict[str, Any], path: str) -> Field | None:
    """The field of a path: `address`, or within a row `staff.2.home`; None where there is none."""
    key, _, rest = path.partition(".")
    item = plan_of(form).fields.get(key)
    if item is None or not rest:
        return item
    number, _, cell = rest.partition(".")
    if not item.rows or not _is_place(number):
        return None
    return next((one for one in item.rows if one.key == cell), None)


def _is_place(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) < 4 and str(int(number)) == number


def addresses_in(form: dict[str, Any], answers: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and value of every address that was begun, in rows too."""
    for item in plan_of(form).fields.values():
        value = answers.get(item.key)
        if item.type == "address" and isinstance(value, dict):
            yield item.key, value
        cells = [cell.key for cell in item.rows if cell.type == "address"]
        rows = value if cells and isinstance(value, list) else []
        for number, row in enumerate(rows):
            for key in cells if isinstance(row, dict) else ():
                if isinstance(row.get(key), dict):
                    yield f"{item.key}.{number}.{key}", row[key]


def laid_in(answers: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Answers with values put in at their paths; what belongs into a row that is not there is left out."""
    made = dict(answers)
    for path, value in values.items():
        key, _, rest = path.partition(".")
        number, _, cell = rest.partition(".")
        if not rest:
            made[key] = value
            continue
        rows = made.get(key)
        if (
            isinstance(rows, list)
            and _is_place(number)
            and int(number) < len(rows)
            and isinstance(rows[int(number)], dict)
        ):
            made[key] = [row | {cell: value} if place == int(number) else row for place, row in enumerate(rows)]
    return made


def sources_after(sources: dict[str, Any], post: Post) -> dict[str, Any]:
    """Where values came from, after the button that removes a row: those of the rows behind it move up with them."""
    verb, _, rest = str(post.get("_do") or "").partition(":")
    path, _, gone = rest.rpartition(":")
    if verb != "remove" or not path or not _is_place(gone):
        return sources
    made = {}
    for name, source in sources.items():
        number, _, cell = name.removeprefix(f"{path}.").partition(".")
        if not name.startswith(f"{path}.") or not _is_place(number) or int(number) < int(gone):
            made[name] = source
        elif int(number) > int(gone):
            made[f"{path}.{int(number) - 1}.{cell}"] = source
    return made
