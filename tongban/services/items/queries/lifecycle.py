"""Where an item and its versions stand: what holds, what is scheduled, what waits for a reviewer, what took whose place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Min

from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.versions import DatedVersion, in_force
from tongban.services.items.errors import ItemNotInForce
from tongban.services.items.models import ItemEvent, ItemVersion, ServiceItem, Succession
from tongban.services.items.rules.lifecycle import Known

from .differences import Told, told_differences
from .items import item_by_code, items_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

PUBLISHED, IN_REVIEW = DatedVersion.Status.PUBLISHED, DatedVersion.Status.IN_REVIEW
ENDINGS = (ItemEvent.Kind.CANCELLED, ItemEvent.Kind.MERGED, ItemEvent.Kind.SPLIT)


# --- for the room's own actions -----------------------------------------------------------------------------------------


def known_item(item_id: UUID | str) -> ServiceItem:
    return find(ServiceItem.objects, pk=item_id)


def latest_published(item: ServiceItem) -> ItemVersion | None:
    """The published version that holds last, scheduled ones included."""
    return item.versions.filter(status=PUBLISHED).order_by("-effective_on", "-version").first()


def known_to_codes(item: ServiceItem, day: date) -> Known:
    """What the rules of codes ask of an item on a day."""
    first = item.versions.filter(status=PUBLISHED).aggregate(day=Min("effective_on"))["day"]
    holds = in_force(item.versions.all(), day) is not None and item.status_on(day) == ServiceItem.Status.IN_USE
    return Known(item.code, first, holds, item.ends_on)


# --- for everybody --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What a citizen is told of an item that cannot be applied for, or not for long: `in_use`, `suspended`, `cancelled`,
    `merged`, `split`, `not_yet`; since (or from) which day, why, and where to go instead."""

    state: str
    since: date | None = None
    reason: str = ""
    successors: list[tuple[str, str]] = field(default_factory=list)  # code, name

    @property
    def is_over(self) -> bool:
        return self.state in ("cancelled", "merged", "split")


def standing_of(code: str, on: date | None = None) -> Standing:
    """Three queries at most. An ending still ahead is told with its day."""
    item, day = item_by_code(code), on or today()
    if item.ends_on is not None:
        return _ended(item)
    if item.status == ServiceItem.Status.SUSPENDED:
        event = item.events.filter(kind=ItemEvent.Kind.SUSPENDED).last()
        return Standing("suspended", _day_of(event.at) if event else None, event.reason if event else "")
    if in_force(item.versions.all(), day) is None:
        first = item.versions.filter(status=PUBLISHED).aggregate(day=Min("effective_on"))["day"]
        return Standing("not_yet", first)
    return Standing("in_use")


@dataclass(frozen=True)
class Ahead:
    """What is already decided of an item in use: the day a new version takes over, or the day it ends, why, and what follows."""

    changes_on: date | None = None
    ends_on: date | None = None
    reason: str = ""
    successors: list[tuple[str, str]] = field(default_factory=list)


def ahead_of(code: str) -> Ahead:
    """Two queries, or three when its end is decided."""
    item = item_by_code(code)
    if item.ends_on is not None:
        ending = _ended(item)
        return Ahead(None, item.ends_on, ending.reason, ending.successors)
    later = item.versions.filter(status=PUBLISHED, effective_on__gt=today())
    return Ahead(later.aggregate(day=Min("effective_on"))["day"])


def _ended(item: ServiceItem) -> Standing:
    event = item.events.filter(kind__in=ENDINGS).last()
    state = event.kind if event else "cancelled"
    rows = Succession.objects.filter(predecessor=item).select_related("successor").order_by("successor__code")
    successors = [(row.successor.code, name_of_item(row.successor)) for row in rows]
    return Standing(str(state), item.ends_on, event.reason if event else "", successors)


def name_of_item(item: ServiceItem) -> str:
    """What the item is called in its newest published text, or in its draft."""
    newest = latest_published(item) or item.versions.order_by("-version").first()
    return str(newest.content.get("task_name", "")) if newest else item.code


def _day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


# --- for officials ----------------------------------------------------------------------------------------------------------


def _published(item: ServiceItem) -> list[ItemVersion]:
    """Of an item whose versions are loaded, the published ones, newest first."""
    return [version for version in item.versions.all() if version.status == PUBLISHED]


@dataclass(frozen=True)
class Kin:
    """Another published item of the same department; only a newer one, with its newer code, can take an item's place."""

    code: str
    name: str
    is_newer: bool


def kin_of(item: ServiceItem) -> list[Kin]:
    """What an item can merge with, or be replaced by: its department's published items that have not ended."""
    published = {row: _published(row) for row in items_of(item.department_id)}
    since = {row.pk: min((version.effective_on for version in rows), default=None) for row, rows in published.items()}
    mine = since[item.pk]
    return [
        Kin(row.code, str(rows[0].content["task_name"]), bool(mine and (began := since[row.pk]) and began > mine))
        for row, rows in published.items()
        if rows and row.pk != item.pk and row.ends_on is None
    ]


def item_for(actor: Actor, code: str) -> ServiceItem:
    """An item of which he may see what is not public; another department's is not found."""
    item = find(ServiceItem.objects.select_related("department"), code=code)
    if not may(actor, "items.see", department_id=item.department_id, division=item.division_id):
        raise NotFound
    return item


def version_for(actor: Actor, code: str, number: int) -> ItemVersion:
    item = item_for(actor, code)
    return find(item.versions.select_related("item__department", "based_on__item"), version=number)


@dataclass(frozen=True)
class Comparison:
    """What a version changes, and against what: `previous` of the same item, else the `source` it was copied from."""

    told: list[Told]
    previous: ItemVersion | None = None
    source: ItemVersion | None = None
    is_outdated: bool = False  # it was begun from a version that is no longer the last


def comparison_of(version: ItemVersion) -> Comparison:
    """Against the version that holds when this one comes: for a published one its predecessor, else the last published."""
    previous = _before(version)
    if previous is not None:
        begun = version.based_on if version.based_on and version.based_on.item_id == version.item_id else None
        outdated = version.status != PUBLISHED and begun is not None and begun.version < previous.version
        is_rollback = version.events.filter(data__has_key="back_to").exists() if outdated else False
        return Comparison(
            told_differences(previous.content, version.content), previous, None, outdated and not is_rollback
        )
    source = version.based_on
    return Comparison(told_differences(source.content, version.content) if source else [], None, source)


def _before(version: ItemVersion) -> ItemVersion | None:
    rows = ItemVersion.objects.filter(item_id=version.item_id, status=PUBLISHED).exclude(pk=version.pk)
    if version.status == PUBLISHED:
        rows = rows.filter(version__lt=version.version)
    return rows.order_by("-effective_on", "-version").first()


def waiting_for(actor: Actor) -> list[ItemVersion]:
    """Versions in review that this actor may publish or return: of his department, none of his own writing."""
    if "items.manage" not in actor.grants:
        return []
    rows = ItemVersion.objects.filter(status=IN_REVIEW).select_related("item__department").order_by("id")
    return [version for version in rows.filter(item__department=actor.department_id) if not is_author(actor, version)]


def is_author(actor: Actor, version: ItemVersion) -> bool:
    return actor.account_id == version.drafted_by or str(actor.account_id) in version.authors


def review_of_draft(draft_id: UUID | str) -> ItemVersion | None:
    """The version that was handed in from a draft of the drafting room, the newest one."""
    return ItemVersion.objects.filter(draft_id=draft_id).select_related("item").order_by("-version").first()


def last_published_of(code: str) -> ItemVersion | None:
    """The published version of an item that holds last; None for an item that has none, or does not exist yet."""
    rows = ItemVersion.objects.filter(item__code=code, status=PUBLISHED)
    return rows.order_by("-effective_on", "-version").first()


def revisable(code: str) -> ItemVersion:
    """The text that the next version of an item, or a copy of it, begins from. It may be suspended, but not have ended."""
    item = item_by_code(code)
    version = latest_published(item)
    if version is None or item.status_on(today()) == ServiceItem.Status.CANCELLED:
        raise ItemNotInForce
    return version


def revisable_of(department_id: UUID) -> list[tuple[str, str]]:
    """The department's items that may get a next version: (code, name)."""
    rows = [(item, _published(item)) for item in items_of(department_id)]
    return [
        (item.code, str(texts[0].content["task_name"]))
        for item, texts in rows
        if texts and item.status_on(today()) != ServiceItem.Status.CANCELLED
    ]


def outcomes_of_drafts(item_id: UUID | str) -> list[tuple[UUID, str]]:
    """What became of each draft an item's versions were handed in from: (draft, status of its newest version)."""
    rows = ItemVersion.objects.filter(item_id=item_id, draft_id__isnull=False).order_by("version")
    found = {draft_id: status for draft_id, status in rows.values_list("draft_id", "status") if draft_id}
    return list(found.items())


def held_versions(item: ServiceItem, on: date | None = None) -> Mapping[str, list[ItemVersion]]:
    """An item's versions by where they stand on a day: `now`, `scheduled`, `open` (draft, in review), `past`."""
    day = on or today()
    rows = list(item.versions.order_by("-effective_on", "-version"))
    published = [row for row in rows if row.status == PUBLISHED]
    holding = next((row for row in published if row.effective_on <= day), None)
    return {
        "now": [holding] if holding else [],
        "scheduled": [row for row in published if row.effective_on > day][::-1],
        "open": [row for row in rows if row.status in (DatedVersion.Status.DRAFT, IN_REVIEW)],
        "past": [row for row in published if row.effective_on <= day and row is not holding],
    }
