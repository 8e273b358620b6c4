"""Which column of a source becomes which data item: suggested by their names, decided by a steward. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pypinyin import Style, lazy_pinyin

# Types of the catalogue (GB/T 21063) → what the lake keeps.
KIND_OF = {
    "C": "text", "M": "text", "G": "text", "N": "decimal", "Y": "decimal", "D": "date", "T": "moment", "L": "yes_no",
    "B": "number", "F": "number", "I": "integer",
}  # fmt: skip
# Types of sources as DuckDB reads them → what the lake keeps; by their beginning.
KIND_OF_COLUMN = (
    ("BIGINT", "integer"), ("INTEGER", "integer"), ("SMALLINT", "integer"), ("TINYINT", "integer"), ("DECIMAL", "decimal"),
    ("DOUBLE", "number"), ("FLOAT", "number"), ("DATE", "date"), ("TIMESTAMP", "moment"), ("BOOLEAN", "yes_no"),
)  # fmt: skip
ODD = re.compile(r"[^a-z0-9]+")


def plain_name(text: str) -> str:
    """A name as the lake writes it: small letters, digits and `_`; Chinese by the first letters of its sounds."""
    name = ODD.sub("_", "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()).strip("_")[:40]
    return name if name[:1].isalpha() else f"c_{name}".rstrip("_")


def plain_names(texts: Iterable[str]) -> list[str]:
    """The same for several; none comes twice."""
    found: list[str] = []
    for text in texts:
        name, number = plain_name(text), 2
        while name in found:
            name, number = f"{plain_name(text)}_{number}", number + 1
        found.append(name)
    return found


def kind_of_column(found: str) -> str:
    """What the lake keeps a column of this type as; text when in doubt."""
    return next((kind for begins, kind in KIND_OF_COLUMN if found.upper().startswith(begins)), "text")


def suggested(items: Sequence[Mapping[str, str]], columns: Iterable[str]) -> dict[str, str]:
    """Data item (by `key`) → column of the source: the same name, English name or sounds. Nothing is taken twice."""
    free = {_same(column): column for column in columns}
    sounds = {plain_name(column): column for column in free.values()}
    found: dict[str, str] = {}
    for item in items:
        ways = (free.get(_same(item["english"])), free.get(_same(item["name"])), sounds.get(plain_name(item["name"])))
        column = next((way for way in ways if way and way not in found.values()), None)
        if column:
            found[item["key"]] = column
    return found


def _same(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", text).casefold()
