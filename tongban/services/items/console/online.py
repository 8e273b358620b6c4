"""全程网办: what is done wholly online, what could be and by which change, what cannot yet and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.items.queries import code_tables
from tongban.services.items.queries.online import Board, block_words, change_words, online_board
from tongban.services.items.rules.freeing import BEYOND, DONE, NOT_OURS, REACHABLE

TITLES = (
    (DONE, gettext_lazy("已实现")),
    (REACHABLE, gettext_lazy("可突破")),
    (BEYOND, gettext_lazy("暂不能")),
)
WIDTH, HEIGHT, GAP = 640, 140, 6  # of the drawing


@audience(STAFF, "items.see")
@require_safe
def online(request: HttpRequest) -> HttpResponse:
    """The board: figures, months, departments, and one of the three lists."""
    board = online_board(request.actor)  # type: ignore[attr-defined]
    chosen = request.GET.get("list", REACHABLE)
    department, block = request.GET.get("department", "")[:40], request.GET.get("block", "")[:40]
    depths = code_tables()["online_depth"]
    counts, whole = board.counts, len(board.lines)
    lines = [
        line
        for line in board.lines
        if line.standing.list == chosen
        and (not department or line.department == department)
        and (not block or block in line.standing.blocks)
    ]
    context: dict[str, Any] = {
        "figures": [
            (key, title, counts[key], f"{100 * counts[key] / whole:.1f}%" if whole else "—") for key, title in TITLES
        ],
        "whole": whole,
        "months": _drawn(board),
        "departments": [(name, *(found[key] for key, _ in TITLES), found.total()) for name, found in board.departments],
        "blocks": [(key, block_words(key), count) for key, count in board.blocks],
        "chosen": chosen,
        "department": department,
        "block": block,
        "rows": [
            {
                "line": line,
                "blocks": [(block_words(name), name in NOT_OURS) for name in line.standing.blocks],
                "changes": change_words(line.standing.changes, depths),
            }
            for line in lines
        ],
    }
    return render(request, "items/console/online.html", context)


def _drawn(board: Board) -> list[dict[str, Any]]:
    """Each month with its counts and its three shapes in a drawing of 640 × 140, one upon another."""
    highest = max((counts.total() for _, counts in board.months), default=0) or 1
    width = WIDTH / max(len(board.months), 1)
    drawn = []
    for place, (day, counts) in enumerate(board.months):
        top, shapes = float(HEIGHT), []
        for number, (key, _title) in enumerate(TITLES, start=1):
            height = HEIGHT * counts[key] / highest
            top -= height
            shapes.append({"number": number, "y": f"{top:.1f}", "height": f"{height:.1f}"})
        drawn.append(
            {"day": day, "counts": [counts[key] for key, _ in TITLES], "shapes": shapes, "x": f"{place * width + GAP / 2:.1f}",
             "width": f"{width - GAP:.1f}", "middle": f"{(place + 0.5) * width:.1f}"}
        )  # fmt: skip
    return drawn


urlpatterns = [path("console/items/online/", online, name="console-items-online")]
