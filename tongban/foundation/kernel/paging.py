"""Pages by key, not by offset: the last page costs what the first costs, and nothing is shown twice when rows arrive."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, OrderBy, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _

from .errors import Refused


class BadCursor(Refused):
    code, title = "bad_cursor", _("翻页位置无效，请从第一页重新开始。")


@dataclass(frozen=True)
class Page:
    """Some rows and the cursors of the pages around them (empty string: there is none)."""

    rows: list[Any]
    next: str = ""
    previous: str = ""

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def _encode(direction: str, values: list[Any]) -> str:
    body = json.dumps([direction, *[None if v is None else str(v) for v in values]], ensure_ascii=False)
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> tuple[str, list[Any]]:
    try:
        direction, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if direction not in ("n", "p") or len(values) != length:
            raise ValueError
    except ValueError:
        raise BadCursor from None
    return direction, values


def _beyond(order: list[tuple[str, bool]], values: list[Any]) -> Q:
    """Rows after `values` in `order` (field, descending): a > x or (a = x and (b > y or …)). No column may be null."""
    if len({descending for _, descending in order}) == 1:
        # One direction: compared as a row, an index is entered at the very place.
        beyond = TupleLessThan if order[0][1] else TupleGreaterThan
        return Q(beyond(Tuple(*[F(name) for name, _ in order]), tuple(values)))
    condition = Q(pk__in=[])
    for (name, descending), value in reversed(list(zip(order, values, strict=True))):
        step = "lt" if descending else "gt"
        condition = Q(**{f"{name}__{step}": value}) | Q(**{name: value}) & condition
    # Said once more without the "or", so that an index is entered at the cursor and not walked from its beginning.
    (first, descending), value = order[0], values[0]
    return Q(**{f"{first}__{'lte' if descending else 'gte'}": value}) & condition


def _step(name: str, descending: bool, nulls_first: bool) -> OrderBy:
    if nulls_first:
        return F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_first=True)
    return OrderBy(F(name), descending=descending)


def page_of(
    rows: QuerySet[Any], *, order: list[str], cursor: str = "", size: int = 50, nulls_first: bool = False
) -> Page:
    """One page of `rows` in `order` (as for `order_by`; the last name must be unique). A bad cursor is `Refused`.

    `nulls_first` changes no order, since no column may be null; it says which of two indexes in the same order is meant.
    """
    fields = [(name.lstrip("-"), name.startswith("-")) for name in order]
    direction, values = _decode(cursor, len(order)) if cursor else ("n", None)
    back = direction == "p"
    if back:
        fields = [(name, not descending) for name, descending in fields]
    if values is not None:
        try:
            rows.filter(
                **dict(zip((name for name, _ in fields), values, strict=True))
            )  # never asked: values of the wrong kind stop here
            rows = rows.filter(_beyond(fields, values))
        except (ValidationError, ValueError):
            raise BadCursor from None
    found = list(rows.order_by(*[_step(*field, nulls_first) for field in fields])[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()

    def key(row: Any) -> list[Any]:
        return [getattr(row, name.removesuffix("__id") if name == "pk" else name) for name, _ in fields]

    ahead = found and (more if not back else True)
    behind = found and (more if back else bool(cursor))
    return Page(
        rows=found,
        next=_encode("n", key(found[-1])) if ahead else "",
        previous=_encode("p", key(found[0])) if behind else "",
    )
