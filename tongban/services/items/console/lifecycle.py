"""An item's page for its department: its versions, where it stands, its history, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.data.catalogue.queries import resources_fed_by
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, Reason, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.items.actions import propose, roll_back
from tongban.services.items.errors import StandingRefused
from tongban.services.items.models import ServiceItem
from tongban.services.items.queries import (
    held_versions,
    item_for,
    kin_of,
    name_of_item,
    open_proposals,
    part_titles,
    standing_of,
    story_of,
)
from tongban.services.items.rules.lifecycle import FEWEST

OVER = {"merged": gettext_lazy("已并入新事项"), "split": gettext_lazy("已拆分")}
PROPOSED = gettext_lazy("已提出，另一位同事确认后才办理。")
IN_USE, SUSPENDED = ServiceItem.Status.IN_USE, ServiceItem.Status.SUSPENDED


@dataclass(frozen=True)
class Act:
    """One thing that can be done about an item: what it is called, what it means for whom, what has to be said."""

    title: Any
    meaning: Any
    done: Any
    do: Callable[..., Any]
    when: Callable[[ServiceItem], bool]
    asks: tuple[str, ...] = ()
    danger: bool = False


def _is(*statuses: str) -> Callable[[ServiceItem], bool]:
    return lambda item: item.ends_on is None and item.status in statuses


ACTS: dict[str, Act] = {
    "suspend": Act(
        gettext_lazy("暂停受理"),
        gettext_lazy("办事指南会写明暂停的原因和日期；不再收新的申请。已经提交的照常办理，没写完的草稿都保留。"),
        PROPOSED,
        lambda actor, code, _post: propose(actor=actor, code=code, act="suspend", reason=_reason(_post)),
        _is(IN_USE),
    ),
    "resume": Act(
        gettext_lazy("恢复受理"),
        gettext_lazy("办事指南恢复原样，可以提交新的申请，没写完的草稿可以接着填。"),
        PROPOSED,
        lambda actor, code, _post: propose(actor=actor, code=code, act="resume", reason=_reason(_post)),
        _is(SUSPENDED),
    ),
    "roll-back": Act(
        gettext_lazy("恢复以前的版本"),
        gettext_lazy("用以前一版的内容做成新的一版，由另一位同事审核发布。历史不会改动。"),
        gettext_lazy("已做成新的一版，等待另一位同事审核。"),
        lambda actor, code, _post: roll_back(actor=actor, code=code, to_version=_version(_post), reason=_reason(_post)),
        _is(IN_USE, SUSPENDED),
        asks=("version",),
    ),
    "merge": Act(
        gettext_lazy("合并"),
        gettext_lazy("原来的几个事项由一个新事项接替。原代码永久冻结，原指南指向新事项，搜索只找得到新事项；正在办的照原来的要求办完。"),
        PROPOSED,
        lambda actor, code, _post: propose(
            actor=actor, code=code, act="merge", others=_post.getlist("others"), into=_post.get("into", ""), reason=_reason(_post),
            from_on=_day(_post),
        ),
        _is(IN_USE, SUSPENDED),
        asks=("others", "into", "day"),
        danger=True,
    ),
    "split": Act(
        gettext_lazy("拆分"),
        gettext_lazy("这个事项由几个新事项接替。代码永久冻结，指南指向各个新事项；正在办的照原来的要求办完。"),
        PROPOSED,
        lambda actor, code, _post: propose(
            actor=actor, code=code, act="split", others=_post.getlist("others"), reason=_reason(_post), from_on=_day(_post)
        ),
        _is(IN_USE, SUSPENDED),
        asks=("others", "day"),
        danger=True,
    ),
    "cancel": Act(
        gettext_lazy("取消事项"),
        gettext_lazy("取消以后不能恢复，代码永久冻结。正在办的照原来的要求办完；没写完的草稿能看，不能再提交。日期没到之前可以改主意。"),
        PROPOSED,
        lambda actor, code, _post: propose(actor=actor, code=code, act="cancel", reason=_reason(_post), from_on=_day(_post)),
        _is(IN_USE, SUSPENDED),
        asks=("day",),
        danger=True,
    ),
    "keep": Act(
        gettext_lazy("不再取消"),
        gettext_lazy("日期没到，事项继续办理，指南上的预告去掉。"),
        PROPOSED,
        lambda actor, code, _post: propose(actor=actor, code=code, act="keep", reason=_reason(_post)),
        lambda item: item.ends_on is not None and item.ends_on > today(),
    ),
}  # fmt: skip


def _reason(post: Any) -> str:
    return str(post.get("reason", ""))


def _day(post: Any) -> date:
    try:
        return date.fromisoformat(post.get("from_on", ""))
    except ValueError:
        raise StandingRefused(reasons=[Reason("day", _("请选择从哪天起。"), "from_on")]) from None


def _version(post: Any) -> int:
    number = post.get("version", "")
    if not number.isdecimal() or len(number) > 6:
        raise StandingRefused(reasons=[Reason("version", _("请选择恢复哪一版。"), "version")])
    return int(number)


@audience(STAFF, "items.see")
def item_page(request: HttpRequest, code: str) -> HttpResponse:
    """Versions, what is scheduled, where the item stands, and the doors to everything that can be done."""
    actor = request.actor  # type: ignore[attr-defined]
    item = item_for(actor, code)
    held = held_versions(item)
    people = {one for rows in held.values() for row in rows for one in (row.drafted_by, row.reviewed_by) if one}
    status, standing, proposals = item.status_on(today()), standing_of(code), open_proposals(item)
    is_over = status == ServiceItem.Status.CANCELLED
    context = {
        "item": item,
        "name": name_of_item(item),
        "status": (OVER.get(standing.state) if is_over else None) or ServiceItem.Status(status).label,
        "is_over": is_over,
        "standing": standing,
        "proposals": [(one, one.made_by in actor.names, name_of_item(one.item)) for one in proposals],
        "is_free": all(one.item_id != item.pk for one in proposals),
        "held": held,
        "names": staff_names(people),
        "manages": may(actor, "items.manage", department_id=item.department_id),
        "acts": [(verb, act) for verb, act in ACTS.items() if act.when(item)],
        "feeds": resources_fed_by(code),
    }
    return render(request, "items/console/item.html", context)


@audience(STAFF, "items.see")
def history(request: HttpRequest, code: str) -> HttpResponse:
    """A year of the item, told from its beginning; one part of the definition alone when asked."""
    item = item_for(request.actor, code)  # type: ignore[attr-defined]
    year, part = request.GET.get("year", ""), request.GET.get("part", "")
    part = part if part in dict(part_titles()) else ""
    story = story_of(item, year=int(year) if year.isdecimal() and len(year) == 4 else None, part=part)
    context = {"item": item, "name": name_of_item(item), "story": story, "part": part, "parts": part_titles()}
    return render(request, "items/console/history.html", context)


@audience(STAFF, "items.manage")
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Say what it means, ask why, then do it; what is refused comes back with what was typed."""
    actor = request.actor  # type: ignore[attr-defined]
    item = item_for(actor, code)
    if verb not in ACTS:
        raise NotFound
    chosen = ACTS[verb]
    if request.method != "POST":
        return _ask(request, item, verb, chosen)
    try:
        chosen.do(actor, code, request.POST)
    except TongbanError as error:
        if error.status in (401, 403):
            raise
        return _ask(request, item, verb, chosen, error)
    messages.success(request, str(chosen.done))
    return redirect("console-item", code)


def _ask(
    request: HttpRequest, item: ServiceItem, verb: str, chosen: Act, error: TongbanError | None = None
) -> HttpResponse:
    post = request.POST
    context = {
        "two_people": verb != "roll-back",
        "item": item,
        "name": name_of_item(item),
        "verb": verb,
        "act": chosen,
        "asks": chosen.asks,
        "error": error,
        "reason": post.get("reason", ""),
        "from_on": post.get("from_on") or today().isoformat(),
        "earliest": today(),
        **_kin(item, verb),
        "chosen": post.getlist("others"),
        "into": post.get("into", ""),
        "versions": _older(item) if "version" in chosen.asks else [],
        "version": post.get("version", ""),
    }
    return render(request, "items/console/act.html", context, status=error.status if error else 200)


def _kin(item: ServiceItem, verb: str) -> dict[str, Any]:
    """What may be chosen: `others` to merge with or to split into, `newer` to take the place; whether that is enough."""
    if verb not in ("merge", "split"):
        return {"is_possible": True}
    kin = kin_of(item)
    newer = [one for one in kin if one.is_newer]
    possible = len(newer) >= FEWEST if verb == "split" else bool(newer) and len(kin) >= FEWEST
    return {"others": newer if verb == "split" else kin, "newer": newer, "is_possible": possible}


def _older(item: ServiceItem) -> list[Any]:
    return list(held_versions(item)["past"])


urlpatterns = [
    path("console/items/<slug:code>/", item_page, name="console-item"),
    path("console/items/<slug:code>/history/", history, name="console-item-history"),
    path("console/items/<slug:code>/<slug:verb>/", act, name="console-item-act"),
]
