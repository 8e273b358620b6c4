"""An item's history as a story: what became of it, day by day, who did it, why, and what changed in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.services.items.models import ItemEvent, ItemVersion, Proposal, ServiceItem

from .differences import Told, by_part, told_differences
from .lifecycle import PUBLISHED, name_of_item

if TYPE_CHECKING:
    from datetime import date

Kind = ItemEvent.Kind


@dataclass(frozen=True)
class Chapter:
    """One thing that happened. `changes` are the differences to the version before, by part."""

    event: ItemEvent
    title: str
    by: str
    drafter: str = ""
    is_first: bool = False
    changes: list[tuple[str, str, list[Told]]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)  # (code, name) of what took its place, or it came from

    @property
    def on(self) -> date:
        return self.event.at.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Story:
    chapters: list[Chapter]
    years: list[int]
    year: int


def story_of(item: ServiceItem, *, year: int | None = None, part: str = "") -> Story:
    """A year of an item's history (this year, or the last in which something happened), from its beginning to its end.

    `part` keeps only what changed in that part of the definition. Four queries, however long; two more for each item it speaks of.
    """
    events = list(item.events.exclude(kind=Kind.DRAFTED).defer("version__content").select_related("version"))
    years = sorted({event.at.astimezone(SHANGHAI).year for event in events}, reverse=True)
    wanted = year if year in years else (years[0] if years else today().year)
    shown = [event for event in events if event.at.astimezone(SHANGHAI).year == wanted]
    names = staff_names(_people(shown))
    texts, others = _texts(item), _named(shown)
    chapters = [_chapter(event, names, texts, others) for event in shown]
    if part:
        chapters = [kept for chapter in chapters if (kept := _about(chapter, part))]
    return Story(chapters, years, wanted)


def _people(events: Iterable[ItemEvent]) -> set[UUID]:
    events = list(events)
    people = {event.by for event in events} | {event.version.drafted_by for event in events if event.version}
    people |= {_proposer(event) for event in events}
    return {one for one in people if one is not None}


def _proposer(event: ItemEvent) -> UUID | None:
    return UUID(event.data["proposed_by"]) if event.data.get("proposed_by") else None


def _texts(item: ServiceItem) -> list[ItemVersion]:
    """Published versions in the order in which they came to hold."""
    return list(item.versions.filter(status=PUBLISHED).order_by("effective_on", "version"))


def _others(event: ItemEvent) -> list[str]:
    return [*event.data.get("predecessors", []), *event.data.get("successors", [])]


def _named(events: Iterable[ItemEvent]) -> dict[str, str]:
    """Names of the items that events speak of, by code. No query where they speak of none."""
    codes = {code for event in events for code in _others(event)}
    return {item.code: name_of_item(item) for item in ServiceItem.objects.filter(code__in=codes)} if codes else {}


def _chapter(
    event: ItemEvent, names: dict[UUID, str], texts: list[ItemVersion], others_named: dict[str, str]
) -> Chapter:
    by = names.get(event.by, "") if event.by else _("系统导入")
    if proposer := names.get(_proposer(event), ""):  # type: ignore[arg-type]
        by = _("%(first)s提出，%(second)s确认") % {"first": proposer, "second": by}
    others = [(code, others_named[code]) for code in _others(event) if code in others_named]
    title = _title(event)
    version = event.version
    if event.kind != Kind.PUBLISHED or version is None:
        return Chapter(event, title, by, others=others)
    drafter = names.get(version.drafted_by, "") if version.drafted_by else ""
    place = next((place for place, text in enumerate(texts) if text.pk == version.pk), None)
    if not place:  # the first text, or one that was taken back before its day
        return Chapter(event, title, by, drafter, is_first=place == 0)
    changes = by_part(told_differences(texts[place - 1].content, texts[place].content))
    return Chapter(event, title, by, drafter, changes=changes)


def _about(chapter: Chapter, part: str) -> Chapter | None:
    changes = [group for group in chapter.changes if group[0] == part]
    return Chapter(chapter.event, chapter.title, chapter.by, chapter.drafter, changes=changes) if changes else None


def _title(event: ItemEvent) -> str:
    """What happened, as a sentence."""
    words: dict[str, Any] = {
        "number": event.version.version if event.version else "",
        "day": _day(event.from_on) if event.from_on else "",
        "back": event.data.get("back_to", ""),
        "act": str(Proposal.Act(event.data["act"]).label) if "act" in event.data else "",
    }
    if event.kind == Kind.SUBMITTED and words["back"]:
        return _("第%(number)s版送审：恢复第%(back)s版的内容") % words
    if event.kind in (Kind.MERGED, Kind.SPLIT) and "predecessors" in event.data:
        sentence = (
            _("从%(day)s起，由原来的事项合并成这个事项")
            if event.kind == Kind.MERGED
            else _("从%(day)s起，由原来的事项拆分出来")
        )
        return sentence % words
    return str(_sentences()[event.kind]) % words


def _sentences() -> dict[str, str]:
    return {
        Kind.SUBMITTED: _("第%(number)s版送审"),
        Kind.RECALLED: _("第%(number)s版收回送审，继续修改"),
        Kind.RETURNED: _("第%(number)s版退回修改"),
        Kind.PUBLISHED: _("第%(number)s版发布，%(day)s起生效"),
        Kind.TAKEN_BACK: _("第%(number)s版在生效前撤下"),
        Kind.SUSPENDED: _("暂停受理"),
        Kind.RESUMED: _("恢复受理"),
        Kind.CANCELLED: _("取消事项，%(day)s起不再办理"),
        Kind.KEPT: _("不再取消，继续办理"),
        Kind.MERGED: _("并入新的事项，%(day)s起停用本代码"),
        Kind.SPLIT: _("拆分成新的事项，%(day)s起停用本代码"),
        Kind.PROPOSED: _("有人提出：%(act)s"),
        Kind.DECLINED: _("没有同意：%(act)s，事项照旧"),
        Kind.DROPPED: _("收回提议：%(act)s，事项照旧"),
    }


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
