"""全程网办: three lists computed from the items' facts, by department and over time. Nothing of it is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.listing import listed
from tongban.services.items.errors import BLOCKS
from tongban.services.items.models import ItemVersion, ServiceItem
from tongban.services.items.rules.freeing import FACTS, LISTS, Change, Standing, standing_of

from .basic import seen_departments

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

MONTHS = 12
CHANGES: dict[str, Any] = {
    "open_online": _("开通“%(what)s”"),
    "prove_identity_online": _("在网上核验本人身份，不用到窗口"),
    "take_electronic": _("材料“%(what)s”也收电子的"),
    "deliver_by_post": _("结果“%(what)s”可以邮寄或在网上取"),
    "pay_online": _("费用可以在网上缴"),
    "clear_obstacle": _("解决“%(what)s”"),
    "no_visits": _("到现场次数改为0"),
}


@dataclass(frozen=True)
class Line:
    """One item on one of the lists."""

    code: str
    name: str
    department: str
    standing: Standing
    ground: str


@dataclass(frozen=True)
class Board:
    """`lines` hold today; `departments`: (name, counts by list); `months`: (last day, counts by list), oldest first."""

    lines: list[Line]
    departments: list[tuple[str, Counter[str]]]
    months: list[tuple[date, Counter[str]]]

    @property
    def counts(self) -> Counter[str]:
        return Counter(line.standing.list for line in self.lines)

    @property
    def blocks(self) -> list[tuple[str, int]]:
        """What blocks most items first."""
        return Counter(block for line in self.lines for block in line.standing.blocks).most_common()


def online_board(actor: Actor) -> Board:
    """The board over the items the actor may see; one query, whatever the number of items."""
    own = seen_departments(actor)
    rows = ItemVersion.objects.filter(status=ItemVersion.Status.PUBLISHED).exclude(
        item__status=ServiceItem.Status.CANCELLED, item__ends_on=None
    )
    if own:
        rows = rows.filter(item__department=own)
    facts = {f"f_{name}": F(f"content__{name}") for name in (*FACTS, "task_name", "visits_explain")}
    found = rows.order_by("item__code", "effective_on", "version").values(
        "item_id",
        "item__code",
        "item__status",
        "item__ends_on",
        "item__department__short_name",
        "effective_on",
        **facts,
    )
    histories: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        histories[row["item_id"]].append(dict(row))
    day = today()
    lines = [line for history in histories.values() if (line := _line(history, day)) is not None]
    by_department: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        by_department[line.department][line.standing.list] += 1
    ordered = sorted(by_department.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return Board(lines, ordered, _months(histories.values(), day))


def _line(history: list[dict[str, Any]], day: date) -> Line | None:
    row = _holding(history, day)
    if row is None or row["item__status"] != ServiceItem.Status.IN_USE:
        return None
    return Line(
        row["item__code"], row["f_task_name"], row["item__department__short_name"], _standing(row),
        row["f_visits_explain"] or "",
    )  # fmt: skip


def _holding(history: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The version of an item that held on a day; none after the item has ended."""
    ends_on = history[0]["item__ends_on"]
    if ends_on is not None and ends_on <= day:
        return None
    return next((row for row in reversed(history) if row["effective_on"] <= day), None)


def _standing(row: dict[str, Any]) -> Standing:
    if "standing" not in row:
        row["standing"] = standing_of({name: row[f"f_{name}"] for name in FACTS})
    standing: Standing = row["standing"]
    return standing


def _months(histories: Iterable[list[dict[str, Any]]], day: date) -> list[tuple[date, Counter[str]]]:
    """How the lists stood on the last day of each of the latest months, and today."""
    days = [*_month_ends(day, MONTHS - 1), day]
    counts = [(end, Counter(dict.fromkeys(LISTS, 0))) for end in days]
    for history in histories:
        for end, counted in counts:
            if row := _holding(history, end):
                counted[_standing(row).list] += 1
    return counts


@lru_cache(maxsize=8)
def _month_ends(day: date, count: int) -> tuple[date, ...]:
    ends: list[date] = []
    end = day.replace(day=1) - timedelta(days=1)
    while len(ends) < count:
        ends.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return tuple(reversed(ends))


def block_words(block: str) -> str:
    return str(BLOCKS[block])


def change_words(changes: Iterable[Change], depths: Mapping[str, str]) -> list[str]:
    """Changes in words; `depths` names the codes of online depth. Several of those are one sentence."""
    said: list[str] = []
    opened = [depths.get(change.what, change.what) for change in changes if change.kind == "open_online"]
    if opened:
        said.append(str(CHANGES["open_online"]) % {"what": listed(opened)})
    for change in changes:
        if change.kind != "open_online":
            what = block_words(change.what) if change.kind == "clear_obstacle" else change.what
            said.append(str(CHANGES[change.kind]) % {"what": what})
    return said
