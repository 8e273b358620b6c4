"""A worklist's filters in its address: read, written again, and said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.typed import day_typed, id_typed
from tongban.services.cases.models import Case
from tongban.services.cases.queries import WorkFilters

# Address → filter. What is not listed here is not a filter, whoever writes it into an address.
TEXTS = {"q": "text", "state": "state", "lamp": "lamp", "item": "item_code", "channel": "channel", "result": "result",
         "who": "assignee"}  # fmt: skip
IDS = {"department": "department_id"}
DAYS = {"since": "since", "until": "until"}
FLAGS = {"closed": "closed", "overdue": "overdue", "asked": "asked", "handed": "handed"}
CHOICES: dict[str, Any] = {"state": Case.State, "lamp": Case.Lamp, "channel": Case.Channel, "result": Case.Result}
LONGEST = 120


def plain(query: Mapping[str, str]) -> dict[str, str]:
    """The filters an address carries, as kept in a saved view; unknown names and impossible values are dropped."""
    kept = {name: str(query.get(name, "")).strip()[:LONGEST] for name in (*TEXTS, *IDS, *DAYS)}
    kept |= {name: "1" for name in FLAGS if query.get(name) == "1"}
    for name, choices in CHOICES.items():
        if kept[name] not in choices.values:
            kept[name] = ""
    for name in IDS:
        if kept[name] and id_typed(kept[name]) is None:
            kept[name] = ""
    for name in DAYS:
        if kept[name] and day_typed(kept[name]) is None:
            kept[name] = ""
    return {name: value for name, value in kept.items() if value}


def work_filters(query: Mapping[str, str]) -> WorkFilters:
    given = plain(query)
    found: dict[str, Any] = {
        **{field: given[name] for name, field in TEXTS.items() if name in given},
        **{field: id_typed(given[name]) for name, field in IDS.items() if name in given},
        **{field: day_typed(given[name]) for name, field in DAYS.items() if name in given},
        **{field: True for name, field in FLAGS.items() if name in given},
    }
    return WorkFilters(**found)


TABS: list[tuple[Any, dict[str, str]]] = [
    (_("待办"), {}),
    (_("我的"), {"who": "me"}),
    (_("待接办"), {"who": "none"}),
    (_("等我答复"), {"asked": "1"}),
    (_("已办结"), {"closed": "1"}),
    (_("已移送"), {"handed": "1"}),
]


def current_tab(query: Mapping[str, str]) -> int:
    """Which tab an address belongs to, whatever else it narrows down."""
    given = plain(query)
    keys = {"who", "asked", "closed", "handed"}
    here = {name: value for name, value in given.items() if name in keys}
    return next((n for n, (_title, filters) in enumerate(TABS) if filters == here), -1)
