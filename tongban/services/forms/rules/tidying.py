"""Answers as they came (from a page, from another system) made into answers as they are meant, before anything is judged."""

from __future__ import annotations

from typing import Any

from .evaluation import is_empty
from .structure import MOST_ROWS, Field, plan_of
from .text import LONGEST, tidy_code, tidy_text

CODES = frozenset({"id_number", "uscc"})
PLAIN = frozenset("phone email date select radio file signature".split())


def _tidy_part(kind: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = value[: LONGEST + 1]  # one too many is enough to be refused; ten megabytes are not even looked at
    if kind in CODES:
        return tidy_code(value)
    if kind == "phone":
        return tidy_code(value).replace("—", "-")
    if kind == "email":
        return tidy_code(value).lower()
    return tidy_text(value, lines=kind == "textarea")


def _tidy_value(item: Field, value: Any) -> Any:
    if item.rows and isinstance(value, list):
        rows = [_tidy_row(item.rows, row) for row in value[: MOST_ROWS + 1]]
        return [row for row in rows if not _is_blank(item, row)]
    if isinstance(value, dict):
        parts = {key: _tidy_part(item.type, part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if not is_empty(part)}
    if item.type == "number" and isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return _tidy_part(item.type, value)


def _is_blank(item: Field, row: Any) -> bool:
    return isinstance(row, dict) and all(is_empty(row.get(cell.key)) for cell in item.rows)


def _tidy_row(fields: tuple[Field, ...], row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    known = {cell.key: cell for cell in fields}
    return {key: _tidy_value(known[key], value) if key in known else value for key, value in row.items()}


def tidy(form: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """Blank answers and blank rows fall away, invisible marks too, codes become half-width capitals. Unknown keys stay."""
    fields = plan_of(form).fields
    tidied = {key: _tidy_value(fields[key], value) if key in fields else value for key, value in answers.items()}
    return {key: value for key, value in tidied.items() if not is_empty(value)}
