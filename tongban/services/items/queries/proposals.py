"""What is proposed for an item, and what would come of it, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.lookup import find
from tongban.services.items.models import Proposal, ServiceItem

from .lifecycle import name_of_item

if TYPE_CHECKING:
    from datetime import date

    from tongban.foundation.kernel.actors import Actor

Act, State = Proposal.Act, Proposal.State


def proposal_for(actor: Actor, proposal_id: UUID) -> Proposal:
    """One proposal about an item he manages; another department's is not found."""
    proposal = find(Proposal.objects.select_related("item__department"), pk=proposal_id)
    item = proposal.item
    if not may(actor, "items.manage", department_id=item.department_id, division=item.division_id):
        raise NotFound
    return proposal


def open_proposals(item: ServiceItem) -> list[Proposal]:
    """What is proposed for the item itself, first, and for others that it would merge with or take the place of."""
    touches = Q(item=item) | Q(others__contains=[item.code]) | Q(into=item.code)
    rows = Proposal.objects.filter(touches, state=State.OPEN).select_related("item")
    return sorted(rows, key=lambda proposal: proposal.item_id != item.pk)


def proposals_waiting(actor: Actor) -> list[Proposal]:
    """What colleagues of his department propose and he may confirm or refuse. One query."""
    if "items.manage" not in actor.grants:
        return []
    rows = Proposal.objects.filter(state=State.OPEN, item__department=actor.department_id)
    return list(rows.exclude(made_by__in=actor.names).select_related("item").order_by("id"))


def consequences_of(proposal: Proposal) -> list[str]:
    """What follows for citizens and colleagues if it is confirmed now: drafts, running cases, codes, guides."""
    day = max(proposal.from_on or today(), today())
    codes = [proposal.item.code, *(proposal.others if proposal.act == Act.MERGE else [])]
    affected: Callable[[list[str]], tuple[int, int]] = import_string(settings.ITEM_AFFECTED)
    drafts, running = affected(codes)
    words = {"day": _day(day), "drafts": drafts, "running": running, "codes": listed(codes), "names": _names(codes)}
    first, of_drafts = _sentences(proposal)
    rest = [
        of_drafts if drafts else _("没有人正在写草稿。"),
        _("正在办理的%(running)s件照常办完，材料和期限都不变。") if running else _("没有正在办理的件。"),
    ]
    return [sentence % words for sentence in (first, *rest)] + _successors(proposal)


def _sentences(proposal: Proposal) -> tuple[str, str]:
    """What changes, and what becomes of drafts."""
    if proposal.act == Act.SUSPEND:
        return (
            _("确认后马上不再收新的申请，办事指南写明原因和日期。"),
            _("没写完的草稿有%(drafts)s份，都保留，恢复受理后可以接着填。"),
        )
    if proposal.act == Act.RESUME:
        return _("确认后马上可以提交新的申请。"), _("没写完的草稿有%(drafts)s份，可以接着填。")
    if proposal.act == Act.KEEP:
        return _("事项继续办理，办事指南上的预告去掉。"), _("没写完的草稿有%(drafts)s份，可以照常提交。")
    return (
        _("%(day)s起，%(names)s不再收新的申请；代码%(codes)s永久冻结，以后不能再用。"),
        _("没写完的草稿有%(drafts)s份，到那天以后能看，不能再提交。"),
    )


def _successors(proposal: Proposal) -> list[str]:
    """Where people are sent instead."""
    codes = {Act.MERGE: [proposal.into], Act.SPLIT: proposal.others}.get(Act(proposal.act), [])
    return [_("原来的办事指南指向%(names)s。") % {"names": _names(codes)}] if codes else []


def _names(codes: list[str]) -> str:
    items = ServiceItem.objects.filter(code__in=codes).order_by("code")
    return listed(f"“{name_of_item(item)}”" for item in items)


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
