"""Search and browse."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.foundation.kernel.paging import BadCursor, Page
from tongban.foundation.organisations.queries import departments_of
from tongban.services.items.queries import Hit, browse, code_tables, completions, find

PAGE = 20
AUDIENCES = ("person", "company")


@audience(PUBLIC)
def catalogue(request: HttpRequest) -> HttpResponse:
    """With words: what answers to them. Without: topics, departments, and everything that fits the filters."""
    text = request.GET.get("q", "").strip()[:100]
    chosen = {
        "audience": request.GET.get("for", "") if request.GET.get("for") in AUDIENCES else "",
        "department": request.GET.get("department", "")[:100],
        "topic": request.GET.get("topic", "")[:30],
    }
    start = _start(request.GET.get("cursor", ""))
    if text:
        found = find(text, start=start, limit=PAGE, **chosen)
        hits, total, meant = found.hits, found.total, found.meant
    else:
        every = browse(**chosen)
        hits, total, meant = every[start : start + PAGE], len(every), []
    context = {
        "text": text,
        "chosen": chosen,
        "filters": _filters(chosen),
        "total": total,
        "meant": meant,
        "page": _page(hits, start, total),
        "topics": _topics(chosen["audience"] or "person"),
        "departments": departments_of(),
        "task_types": code_tables()["task_type"],
    }
    return render(request, "items/catalogue.html", context)


def _filters(chosen: dict[str, str]) -> list[tuple[str, str]]:
    """The filters that are on: (name in the address, words)."""
    words = {"person": _("个人办事"), "company": _("法人办事")}
    named = [
        ("for", words.get(chosen["audience"], "")),
        ("topic", chosen["topic"]),
        ("department", chosen["department"]),
    ]
    return [(name, value) for name, value in named if value]


def _topics(audience_name: str) -> list[str]:
    table = "user_topic_type" if audience_name == "person" else "corp_topic_type"
    used = {topic for hit in browse(audience=audience_name) for topic in hit.topics.get(audience_name, [])}
    return [topic for topic in code_tables()[table].values() if topic in used]


def _start(cursor: str) -> int:
    """Results are ranked, not keyed: the cursor is a place in the ranking."""
    if not cursor:
        return 0
    try:
        start = int(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except ValueError:
        raise BadCursor from None
    return max(0, min(start, 10_000))


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode().rstrip("=")


def _page(hits: list[Hit], start: int, total: int) -> Page:
    return Page(
        rows=hits,
        next=_cursor(start + PAGE) if start + PAGE < total else "",
        previous=_cursor(max(0, start - PAGE)) if start else "",
    )


@audience(PUBLIC)
def suggest(request: HttpRequest) -> HttpResponse:
    """A fragment while one types: phrases, each a link to its item."""
    found: list[tuple[str, Any]] = completions(request.GET.get("q", "")[:40])
    return render(request, "items/suggest.html", {"found": found})
