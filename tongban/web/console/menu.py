"""The side navigation of the console: what one may do decides what one sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.actors import Actor


@dataclass(frozen=True)
class Entry:
    title: Any
    url: str
    verb: str = ""
    icon: str = "list"
    current: bool = False


@dataclass(frozen=True)
class Group:
    title: Any
    entries: tuple[Entry, ...]


MENU = (
    Group(
        _("办件"),
        (
            Entry(_("今日"), "/console/", icon="home"),
            Entry(_("办件"), "/console/cases/", "cases.see", "inbox"),
        ),
    ),
    Group(_("事项"), (Entry(_("事项清单"), "/console/items/", "items.manage", "list"),)),
    Group(
        _("监察与评价"),
        (
            Entry(_("效能监察"), "/console/supervision/", "supervision.see", "lamp"),
            Entry(_("好差评"), "/console/evaluations/", "evaluation.see", "star"),
        ),
    ),
    Group(
        _("机构与人员"),
        (
            Entry(_("机构"), "/console/organisations/", "organisations.manage", "department"),
            Entry(_("账号与岗位"), "/console/staff/", "identity.manage_accounts", "staff"),
        ),
    ),
    Group(
        _("运行"),
        (
            Entry(_("审计"), "/console/audit/", "audit.see", "audit"),
            Entry(_("后台任务"), "/console/tasks/", "tasks.see", "task"),
            Entry(_("发件箱"), "/console/outbox/", "notifications.see_outbox", "mail"),
        ),
    ),
)


def menu_for(actor: Actor, path: str) -> list[Group]:
    """The groups and entries this actor may enter; the entry that leads here is marked."""
    shown = []
    for group in MENU:
        entries = tuple(
            replace(entry, current=path == entry.url or (entry.url != "/console/" and path.startswith(entry.url)))
            for entry in group.entries
            if not entry.verb or entry.verb in actor.grants
        )
        if entries:
            shown.append(Group(group.title, entries))
    return shown
