"""Search and browse."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.foundation.organisations.queries import departments_of
from tongban.services.items.queries import browse, code_tables, completions, find_page

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
    found = find_page(text, cursor=request.GET.get("cursor", ""), size=PAGE, **chosen)
    context = {
        "text": text,
        "chosen": chosen,
        "filters": _filters(chosen),
        "total": found.total,
        "meant": found.meant,
        "page": found.page,
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


@audience(PUBLIC)
def suggest(request: HttpRequest) -> HttpResponse:
    """A fragment while one types: phrases, each a link to its item."""
    found: list[tuple[str, Any]] = completions(request.GET.get("q", "")[:40])
    return render(request, "items/suggest.html", {"found": found})
