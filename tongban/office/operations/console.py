"""运行状态: the operators' page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience

from .measuring import measures
from .queries import house_seen, statements_seen, version
from .rules import GREEN, LIMITS, RED, YELLOW, Measure
from .words import LABELS, SECTIONS, Words

MOST = 4  # lines of one measure


@dataclass(frozen=True)
class Line:
    """One measure as it is read."""

    title: Any
    of: str  # which of several: a machine, a queue, a kind
    shown: str
    lamp: str
    advice: Any
    see: str


def _of(one: Measure) -> str:
    return " ".join(filter(None, (str(LABELS.get(value, value)) for _name, value in one.labels)))


def _lines(name: str, words: Words, found: list[Measure]) -> list[Line]:
    ours = [one for one in found if one.name == name]
    if name in LIMITS:  # the worst first; of many that are well a few are enough
        ours.sort(key=lambda one: one.value, reverse=not LIMITS[name].falling)
        ours = [one for place, one in enumerate(ours) if place < MOST or one.lamp != GREEN]
    if not ours and words.absent:
        return [Line(words.title, "", "", RED, f"{words.absent}{words.advice}", words.see)]
    return [Line(words.title, _of(one), words.shown(one.value), one.lamp, words.advice, words.see) for one in ours]


def sections(found: list[Measure]) -> list[tuple[Any, list[Line]]]:
    """Every section with its lines, what is red first."""
    made = [
        (title, [line for name, words in each.items() for line in _lines(name, words, found)])
        for title, each in SECTIONS
    ]
    return [(title, sorted(lines, key=lambda line: (line.lamp != RED, line.lamp != YELLOW))) for title, lines in made]


@audience(STAFF, "operations.see")
@never_cache
@require_safe
def house(request: HttpRequest) -> HttpResponse:
    seen = house_seen(request.actor)  # type: ignore[attr-defined]
    shown = sections(measures(seen))
    lamps = Counter(line.lamp for _title, lines in shown for line in lines)
    context = {
        "house": seen,
        "sections": shown,
        "red": lamps[RED],
        "yellow": lamps[YELLOW],
        "statements": statements_seen(request.actor),  # type: ignore[attr-defined]
        "version": version(),
    }
    return render(request, "operations/house.html", context)


urlpatterns = [path("console/operations/", house, name="console-operations")]
