"""Finding items by everyday words."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.kept import also_forget
from tongban.foundation.kernel.paging import BadCursor, Page
from tongban.services.items.models import ItemVersion, ListedItem
from tongban.services.items.rules.ranking import (
    DEPARTMENT,
    MAIN,
    NAME,
    PLAIN,
    SUMMARY,
    SYNONYM,
    TEXT,
    TOPIC,
    Entry,
    Index,
)

from .items import code_tables, in_force_items, stamp
from .tables import said_today


@dataclass(frozen=True)
class Hit:
    """One item found. `kind` is `guide` (with a full implementation list) or `listed` (a row of the district's list)."""

    kind: str
    code: str
    name: str
    plain_name: str
    summary: str
    department: str
    task_type: str
    applicants: tuple[str, ...] = ()
    topics: dict[str, list[str]] = field(default_factory=dict, hash=False)
    online: bool = False
    promise: dict[str, Any] = field(default_factory=dict, hash=False)
    project_type: str = ""
    score: float = 0.0

    @property
    def url(self) -> str:
        return f"/items/{self.code}/"

    @property
    def title(self) -> str:
        return self.plain_name or self.name


@dataclass(frozen=True)
class Found:
    """Hits, how many there are in all, and phrases the person may have meant."""

    hits: list[Hit]
    total: int
    meant: list[str]


@dataclass(frozen=True)
class _Shelf:
    """The index and the hits of one state of the catalogue on one day."""

    stamp: int
    day: date
    index: Index
    hits: dict[str, Hit]


_lock = threading.Lock()
_current: list[_Shelf] = []


def _shelf() -> _Shelf:
    """The index of the catalogue as it is now: one small query, and a rebuild by one thread when something changed."""
    wanted = (stamp(), today())
    if _current and (_current[0].stamp, _current[0].day) == wanted:
        return _current[0]
    with _lock:
        if not (_current and (_current[0].stamp, _current[0].day) == wanted):
            _current[:] = [_built(*wanted)]
        return _current[0]


@also_forget
def forget() -> None:
    """Drop this process's index; for tests, whose databases share stamps."""
    _current.clear()


def _built(now_stamp: int, day: date) -> _Shelf:
    hits: dict[str, Hit] = {}
    entries = [*_guides(day, hits), *_rows(hits)]
    synonyms = said_today()
    return _Shelf(now_stamp, day, Index(entries, synonyms), hits)


def _guides(day: date, hits: dict[str, Hit]) -> Iterator[Entry]:
    for version in in_force_items(day):
        hit = hits[version.item.code] = _hit_of(version)
        content = version.content
        texts = [question["q"] + question["a"] for question in content["questions"]]
        texts += [material["name"] for material in content["materials"]]
        texts += [option["label"] for question in content["situations"] for option in question["options"]]
        yield Entry(
            key=hit.code,
            is_guide=True,
            name=hit.name,
            phrases=((NAME, hit.name), (PLAIN, hit.plain_name), *((SYNONYM, word) for word in content["synonyms"])),
            fields=(
                (SUMMARY, hit.summary),
                (DEPARTMENT, hit.department),
                (TOPIC, " ".join(topic for topics in hit.topics.values() for topic in topics)),
                (TEXT, " ".join(texts)),
            ),
        )


def _hit_of(version: ItemVersion) -> Hit:
    content = version.content
    return Hit(
        kind="guide",
        code=version.item.code,
        name=content["task_name"],
        plain_name=content["plain_name"],
        summary=content["summary"],
        department=version.item.department.short_name,
        task_type=content["task_type"],
        applicants=tuple(content["applicants"]),
        topics=content["topics"],
        online={"2", "4"} <= set(content["online_depth"]),
        promise=content["promise"],
        project_type=content["project_type"],
    )


def _rows(hits: dict[str, Hit]) -> Iterator[Entry]:
    """Rows of the list that no guide stands for."""
    types = code_tables()["listed_task_type"]
    rows = ListedItem.objects.filter(is_present=True, item=None).order_by("position")
    for row in rows.values("code", "name", "main_item", "department_name", "task_type"):
        hit = hits[row["code"]] = Hit(
            kind="listed",
            code=row["code"],
            name=row["name"],
            plain_name="",
            summary="",
            department=row["department_name"],
            task_type=types.get(row["task_type"], row["task_type"]),
        )
        yield Entry(
            key=hit.code,
            is_guide=False,
            name=hit.name,
            phrases=((NAME, row["name"]),),
            fields=(
                (MAIN, row["main_item"] if row["main_item"] != "未分类" else ""),
                (DEPARTMENT, row["department_name"]),
            ),
        )


def search(text: str, *, audience: str = "", department: str = "", topic: str = "", limit: int = 20) -> list[Hit]:
    """Items that answer to everyday words, best first. `audience`: person, company, or empty for both."""
    return find(text, audience=audience, department=department, topic=topic, limit=limit).hits


def find(
    text: str, *, audience: str = "", department: str = "", topic: str = "", start: int = 0, limit: int = 20
) -> Found:
    """A page of what `search` finds, with the count and 'did you mean'. Rows of the list state no audience: they stay."""
    shelf = _shelf()
    ranking = shelf.index.rank(text)
    floor = ranking.scores[0][1] * 0.03 if ranking.scores else 0.0
    hits = [
        (shelf.hits[key], score)
        for key, score in ranking.scores
        if score >= floor and _fits(shelf.hits[key], audience, department, topic)
    ]
    meant = shelf.index.alike(text) if ranking.coverage < 0.6 else []
    page = [_scored(hit, score) for hit, score in hits[start : start + limit]]
    return Found(page, len(hits), meant)


@dataclass(frozen=True)
class FoundPage:
    """A page of what was found or browsed."""

    page: Page
    total: int
    meant: list[str]


def find_page(
    text: str, *, audience: str = "", department: str = "", topic: str = "", cursor: str = "", size: int = 20
) -> FoundPage:
    """`find` when there are words, `browse` when there are none. Ranked, not keyed: the cursor is a place in the ranking."""
    start = _start(cursor)
    if text.strip():
        found = find(text, audience=audience, department=department, topic=topic, start=start, limit=size)
        hits, total, meant = found.hits, found.total, found.meant
    else:
        every = browse(audience=audience, department=department, topic=topic)
        hits, total, meant = every[start : start + size], len(every), []
    ahead = _cursor(start + size) if start + size < total else ""
    behind = _cursor(max(0, start - size)) if start else ""
    return FoundPage(Page(rows=hits, next=ahead, previous=behind), total, meant)


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        start = int(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except ValueError:
        raise BadCursor from None
    return max(0, min(start, 10_000))


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode().rstrip("=")


def _scored(hit: Hit, score: float) -> Hit:
    return Hit(**{**hit.__dict__, "score": round(score, 3)})


def _fits(hit: Hit, audience: str, department: str, topic: str) -> bool:
    if department and hit.department != department:
        return False
    if topic and topic not in hit.topics.get(audience or "person", []) + hit.topics.get("company", []):
        return False
    return not audience or hit.kind == "listed" or audience in hit.applicants


def completions(text: str, limit: int = 8) -> list[tuple[str, Hit]]:
    """While a person types: phrases, each with the item it leads to."""
    shelf = _shelf()
    return [(phrase, shelf.hits[key]) for phrase, key in shelf.index.completions(text, limit)]


def browse(*, audience: str = "", department: str = "", topic: str = "") -> list[Hit]:
    """Everything that fits, guides first by name, then rows of the list in its order."""
    hits = [hit for hit in _shelf().hits.values() if _fits(hit, audience, department, topic)]
    return sorted(hits, key=lambda hit: hit.kind != "guide")


def all_hits() -> dict[str, Hit]:
    """Every item that can be found, by code."""
    return _shelf().hits
