"""Needs of data: asked for by one body, matched to a resource or ended with an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.data.catalogue.errors import DemandRefused
from tongban.data.catalogue.models import Demand, Entry
from tongban.data.catalogue.queries.tables import value_tables
from tongban.data.catalogue.rules.lifecycle import SEEN_BY_ALL
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, may, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Conflict, NotAllowed, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.unseen import seen

ASK = "catalogue.write"
MATCH = "catalogue.publish"
LONGEST = {"title": 100, "use": 300, "fields": 1000, "basis": 300}
CALLED = {
    "title": gettext_lazy("需要什么数据"), "use": gettext_lazy("用在哪个事项或场景"), "fields": gettext_lazy("要哪些数据项"),
    "basis": gettext_lazy("法律依据"),
}  # fmt: skip


@transaction.atomic
def ask_for_data(*, actor: Actor, needed_on: date | None, cycle: str, **texts: str) -> Demand:
    """What one's department needs: `title`, `use` (item or case of use), `fields`, legal `basis`; how fresh and by when."""
    permit(actor, ASK, department_id=actor.department_id)
    said = {name: seen(texts.get(name, "")) for name in LONGEST}
    if found := _faults(said, needed_on, cycle):
        raise DemandRefused(reasons=found)
    demand = Demand.objects.create(
        department_id=actor.department_id, needed_on=needed_on, cycle=cycle, asked_by=actor.account_id, asked_at=now(),
        **said,
    )  # fmt: skip
    record("catalogue.demanded", actor=actor, subject=demand)
    return demand


def _faults(texts: Mapping[str, str], needed_on: date | None, cycle: str) -> list[Reason]:
    found = [
        Reason(
            "missing", _("请填写“%(field)s”，2到%(longest)s个字。") % {"field": CALLED[name], "longest": longest}, name
        )
        for name, longest in LONGEST.items()
        if not 2 <= len(texts[name]) <= longest
    ]
    if cycle not in value_tables()["cycle"]:
        found.append(Reason("cycle", _("请选更新频率。"), "cycle"))
    if needed_on is None or needed_on < today():
        found.append(Reason("day", _("请写今天或以后的日期。"), "needed_on"))
    return found


@transaction.atomic
def match_demand(*, actor: Actor, demand_id: UUID | str, resource_code: str) -> Demand:
    """Say which published resource answers a need; whoever asked may say so, too."""
    demand = _waiting(actor, demand_id)
    held = Entry.objects.filter(kind=Entry.Kind.RESOURCE, life__in=SEEN_BY_ALL, code=resource_code.strip())
    resource = held.first()
    if resource is None:
        text = _("没有已发布的资源用这个代码。")
        raise DemandRefused(reasons=[Reason("unknown", text, "resource_code")])
    return _answer(actor, demand, Demand.State.MATCHED, "catalogue.demand_matched", resource=resource)


@transaction.atomic
def close_demand(*, actor: Actor, demand_id: UUID | str, answer: str) -> Demand:
    """End a need that cannot be met, or is none any more, with a sentence."""
    demand = _waiting(actor, demand_id)
    said = seen(answer)
    if not 2 <= len(said) <= 500:
        raise DemandRefused(reasons=[Reason("answer", _("请写明原因，2到500个字。"), "answer")])
    return _answer(actor, demand, Demand.State.CLOSED, "catalogue.demand_closed", answer=said)


def _waiting(actor: Actor, demand_id: UUID | str) -> Demand:
    demand = find(Demand.objects.select_for_update(), pk=demand_id)
    if not may(actor, MATCH) and not may(actor, ASK, department_id=demand.department_id):
        raise NotAllowed
    if demand.state != Demand.State.WAITING:
        raise Conflict
    return demand


def _answer(actor: Actor, demand: Demand, state: str, fact: str, **said: Any) -> Demand:
    demand.state, demand.answered_by, demand.answered_at = state, actor.account_id, now()
    for name, value in said.items():
        setattr(demand, name, value)
    demand.save()
    record(fact, actor=actor, subject=demand)
    return demand
