"""One element as the words of one cell, and back. Codes are written by name and read by name, code or both."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tongban.foundation.kernel.cells import inert, typed
from tongban.foundation.kernel.unseen import UNSEEN

Tables = Mapping[str, Mapping[str, str]]

LONGEST_CELL = 32_767  # of a spreadsheet
APART = re.compile(r"[\n\r,，、;；^|]+")
LIMIT = re.compile(r"(\d{1,4})\s*(个工作日|工作日|个?自然日|日历日|天|日)\s*(?:[（(](.*)[）)])?", re.S)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
YES, NO = "是", "否"
YES_WORDS = {"是", "1", "true", "y", "yes", "支持", "有", "√", "收费"}
NO_WORDS = {"否", "0", "false", "n", "no", "不支持", "无", "×", "不收费"}
AT_ONCE = {"即办", "当场办结", "当场", "即时办结"}
DELIVERY = {"online": "网上", "post": "邮寄", "counter": "窗口"}
APPLICANTS = {"person": "自然人", "company": "法人"}


class Misread(ValueError):
    """A cell that cannot mean what its column asks for; `code` says why, `word` what stood there."""

    def __init__(self, code: str, word: Any = "") -> None:
        self.code, self.word = code, str(word)[:60]
        super().__init__(code)


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its heading, the element it holds (dotted), and how that is written."""

    title: str
    path: str
    kind: str = "text"
    aliases: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        """What people call the column: without the template's key."""
        return self.aliases[-1] if self.aliases else self.title


def plain(value: Any) -> str:
    """A cell as text, without what a person did not type: .0 behind whole numbers, blanks around, an escaping quote."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return typed(str(value).replace("\r\n", "\n").strip())


def shown(value: Any) -> Any:
    """A value as a cell takes it: nothing a program would run, nothing it cannot keep."""
    if not isinstance(value, str):
        return value
    return inert(UNSEEN.sub("", value))


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Words:
    """The code tables, as a reader of a sheet needs them."""

    tables: Tables

    def write(self, kind: str, value: Any) -> Any:
        """An element as a cell. `kind` is one of `WRITERS`, or `code:<table>`, `codes:<table>`."""
        name, _, table = kind.partition(":")
        if value is None:
            return None
        if name == "code":
            return self._name(table, value)
        if name == "codes":
            return "、".join(self._name(table, code) for code in value) or None
        return WRITERS[name](value)

    def read(self, kind: str, cell: Any) -> Any:
        """What a cell that is not empty means, or `Misread`."""
        name, _, table = kind.partition(":")
        if name == "code":
            return self._code(table, plain(cell))
        if name == "codes":
            return [self._code(table, word) for word in _apart(plain(cell), table)]
        return READERS[name](plain(cell))

    def _name(self, table: str, code: str) -> str:
        names = self.tables[table]
        name = names.get(code, "")
        return name if name and Counter(names.values())[name] == 1 else f"{code} {name}".strip()

    def _code(self, table: str, word: str) -> str:
        names = self.tables[table]
        if word in names:
            return word
        code, _, rest = word.partition(" ")
        if rest and code in names:
            return code
        padded = word.zfill(2)  # a number that a spreadsheet program robbed of its nought
        found = [code for code, name in names.items() if _same(name, word)] or ([padded] if padded in names else [])
        if not found:
            raise Misread("unknown_word", word)
        return found[0]


def _same(name: str, word: str) -> bool:
    return unicodedata.normalize("NFKC", name).casefold() == unicodedata.normalize("NFKC", word).casefold()


def _apart(text: str, table: str) -> list[str]:
    words = [word.strip() for word in APART.split(text) if word.strip()]
    return words if table else [text]


def _number(text: str) -> int:
    digits = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"-?\d{1,12}", digits):
        raise Misread("not_a_number", text)
    return int(digits)


def _flag(text: str) -> bool:
    word = unicodedata.normalize("NFKC", text).casefold()
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise Misread("not_yes_or_no", text)


def _day(text: str) -> str:
    found = DAY.fullmatch(text) or COMPACT_DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else _not_a_day(text)
    except ValueError:
        return _not_a_day(text)


def _not_a_day(text: str) -> str:
    raise Misread("not_a_day", text)


def _limit(text: str) -> dict[str, Any]:
    if text in AT_ONCE:
        return {"days": 0, "unit": "1"}
    found = LIMIT.fullmatch(unicodedata.normalize("NFKC", text) if "（" not in text else text)
    if not found:
        raise Misread("not_a_limit", text)
    limit = {"days": int(found.group(1)), "unit": "1" if "工作日" in found.group(2) else "2"}
    return limit | ({"explain": found.group(3)} if found.group(3) else {})


def _limit_words(limit: Mapping[str, Any]) -> str:
    words = f"{limit['days']}{'个工作日' if limit['unit'] == '1' else '天'}"
    return f"{words}（{limit['explain']}）" if limit.get("explain") else words


def _topics(text: str) -> dict[str, list[str]]:
    topics: dict[str, list[str]] = {}
    for part in re.split(r"[；;\n]+", text):
        who, colon, names = part.replace(":", "：").partition("：")
        if not part.strip():
            continue
        key = {"个人": "person", "自然人": "person", "法人": "company"}.get(who.strip())
        if not colon or key is None:
            raise Misread("not_topics", text)
        topics[key] = [name.strip() for name in APART.split(names) if name.strip()]
    return topics


def _topics_words(topics: Mapping[str, list[str]]) -> str:
    named = (("个人", topics.get("person")), ("法人", topics.get("company")))
    return "；".join(f"{who}：{'、'.join(names)}" for who, names in named if names)


def _choice(table: Mapping[str, str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        codes = []
        for word in (word.strip() for word in APART.split(text) if word.strip()):
            code = next((code for code, name in table.items() if word in (code, name)), None)
            if code is None:
                raise Misread("unknown_word", word)
            codes.append(code)
        return codes

    return read


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Misread("not_json", text) from None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


WRITERS: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: value or None,
    "int": lambda value: value,
    "bool": lambda value: YES if value else NO,
    "day": lambda value: str(value) or None,
    "limit": _limit_words,
    "topics": _topics_words,
    "lines": lambda value: "\n".join(value) or None,
    "applicants": lambda value: "、".join(APPLICANTS.get(word, word) for word in value) or None,
    "delivery": lambda value: "、".join(DELIVERY.get(word, word) for word in value) or None,
    "json": lambda value: dumped(value) if value not in (None, {}, []) else None,
}
READERS: dict[str, Callable[[str], Any]] = {
    "text": lambda text: text,
    "int": _number,
    "bool": _flag,
    "day": _day,
    "limit": _limit,
    "topics": _topics,
    "lines": _lines,
    "applicants": _choice(APPLICANTS),
    "delivery": _choice(DELIVERY),
    "json": _json,
}
