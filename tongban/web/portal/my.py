"""我的空间: one page with a door to everything that concerns the person or company that is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from tongban.foundation.identity.queries import account, addresses_of, capacities_of
from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.foundation.notifications.queries import messages_of, unread_count
from tongban.services.cases.queries import my_cases, my_drafts
from tongban.services.licences.queries import my_licences
from tongban.services.payments.queries import bills_of


@audience(CITIZEN)
def my_space(request: HttpRequest) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    open_cases = my_cases(actor, {"open": True}, size=5)
    drafts = my_drafts(actor)
    due = [bill for bill in bills_of(actor) if bill.state == "due"]
    companies = [c for c in capacities_of(account(actor.account_id)) if c.kind == "company"]
    unread = unread_count(actor)
    doors = [
        (_("我的办件"), "/my/cases/", "folder", _("%s 件在办"), len(open_cases.rows), bool(open_cases.next)),
        (_("我的草稿"), "/my/drafts/", "draft", _("%s 份没写完"), len(drafts), False),
        (_("我的消息"), "/my/messages/", "bell", _("%s 条未读"), unread, False),
        (_("我的证照"), "/my/licences/", "shield", _("%s 张"), len(my_licences(actor)), False),
        (_("我的缴费"), "/my/bills/", "bill", _("%s 笔待缴"), len(due), False),
        (_("我的单位"), "/my/companies/", "company", _("%s 家"), len(companies), False),
        (_("我的地址簿"), "/my/addresses/", "place", _("%s 个"), len(addresses_of(actor)), False),
        (_("谁看过我的信息"), "/my/looks/", "eye", "", None, False),
        (_("账号与安全"), "/my/security/", "shield", "", None, False),
    ]
    context = {
        "doors": [
            {"title": title, "url": url, "icon": icon, "words": _words(pattern, count, more)}
            for title, url, icon, pattern, count, more in doors
        ],
        "cases": open_cases.rows,
        "messages_latest": messages_of(actor, size=3).rows,
    }
    return render(request, "portal/my.html", context)


def _words(pattern: Any, count: int | None, more: bool) -> str:
    return "" if count is None else str(pattern) % (f"{count}+" if more else count)


urlpatterns = [path("my/", my_space, name="my")]
