"""Whether an item can be applied for: suspend, resume, cancel; merge and split by the rules of codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, Reason
from tongban.services.items.errors import SUCCESSIONS, ItemNotFound, StandingRefused
from tongban.services.items.models import ServiceItem, Succession
from tongban.services.items.queries.lifecycle import known_to_codes, name_of_item
from tongban.services.items.rules.lifecycle import faults_of_succession

from .changed import touch
from .story import Kind, faults_of_reason, keep, reason_given

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

Status = ServiceItem.Status


@transaction.atomic
def suspend_item(*, actor: Actor, code: str, reason: str) -> ServiceItem:
    """Take no new applications for now. Running cases go on, drafts stay; the guide says why and since when."""
    return _turned(actor, code, Kind.SUSPENDED, Status.IN_USE, Status.SUSPENDED, reason)


@transaction.atomic
def resume_item(*, actor: Actor, code: str, reason: str) -> ServiceItem:
    """Take applications again."""
    return _turned(actor, code, Kind.RESUMED, Status.SUSPENDED, Status.IN_USE, reason)


def _turned(actor: Actor, code: str, kind: Kind, expected: Status, then: Status, reason: str) -> ServiceItem:
    item = _items(actor, [code])[0]
    said = reason_given(reason)
    if item.status_on(today()) != expected:
        raise Conflict
    item.status = then
    item.save(update_fields=["status"])
    touch()
    keep(kind, actor=actor, item=item, reason=said)
    return item


@transaction.atomic
def cancel_item(*, actor: Actor, code: str, reason: str, from_on: date | None = None) -> ServiceItem:
    """End an item for good, today or from a day on. Its code is frozen; running cases go on under their version."""
    item = _items(actor, [code])[0]
    day = from_on or today()
    faults = [("day_past", "")] if day < today() else []
    faults += [("ended", code)] if item.ends_on is not None else []
    said = _agreed(faults, reason, [item])
    _end(item, day)
    touch()
    keep(Kind.CANCELLED, actor=actor, item=item, reason=said, from_on=day)
    return item


@transaction.atomic
def keep_item(*, actor: Actor, code: str, reason: str) -> ServiceItem:
    """Call a cancellation, merger or split off before its day."""
    item = _items(actor, [code])[0]
    said = reason_given(reason)
    if item.ends_on is None or item.ends_on <= today():
        raise Conflict(_("这个事项已经取消，不能再启用。需要时请新建事项。") if item.ends_on else None)
    item.ends_on = None
    item.save(update_fields=["ends_on"])
    item.successions.all().delete()
    touch()
    keep(Kind.KEPT, actor=actor, item=item, reason=said)
    return item


@transaction.atomic
def merge_items(
    *, actor: Actor, codes: Sequence[str], into: str, reason: str, from_on: date | None = None
) -> ServiceItem:
    """Let one new item take the place of several, whose codes are frozen and whose guides point to it."""
    _succeed(actor, codes, [into], Kind.MERGED, reason, from_on or today())
    return ServiceItem.objects.get(code=into)


@transaction.atomic
def split_item(
    *, actor: Actor, code: str, into: Sequence[str], reason: str, from_on: date | None = None
) -> list[ServiceItem]:
    """Let several new items take the place of one, whose code is frozen and whose guide points to all of them."""
    _succeed(actor, [code], into, Kind.SPLIT, reason, from_on or today())
    return list(ServiceItem.objects.filter(code__in=into).order_by("code"))


def _succeed(actor: Actor, old: Sequence[str], new: Sequence[str], kind: Kind, reason: str, day: date) -> None:
    old, new = list(dict.fromkeys(old)), list(dict.fromkeys(new))
    items = {item.code: item for item in _items(actor, [*old, *new])}
    known = {code: known_to_codes(item, day) for code, item in items.items()}
    faults = faults_of_succession(
        [known[code] for code in old], [known[code] for code in new], from_on=day, today=today()
    )
    said = _agreed(faults, reason, items.values())
    for code in old:
        _end(items[code], day)
        for other in new:
            Succession.objects.create(predecessor=items[code], successor=items[other], since_on=day)
        keep(kind, actor=actor, item=items[code], reason=said, from_on=day, data={"successors": new})
    for code in new:
        keep(kind, actor=actor, item=items[code], reason=said, from_on=day, data={"predecessors": old})
    touch()


def _items(actor: Actor, codes: Sequence[str]) -> list[ServiceItem]:
    """The items, locked in one order for everybody, each his to manage."""
    rows = ServiceItem.objects.select_for_update(of=("self",)).select_related("department")
    found = {item.code: item for item in rows.filter(code__in=codes).order_by("code")}
    if set(codes) - set(found):
        raise ItemNotFound
    for item in found.values():
        permit(actor, "items.manage", department_id=item.department_id)
    return [found[code] for code in dict.fromkeys(codes)]


def _end(item: ServiceItem, day: date) -> None:
    item.ends_on = day
    if day <= today():
        item.status = Status.CANCELLED
    item.save(update_fields=["ends_on", "status"])


def _agreed(faults: list[tuple[str, str]], reason: str, items: Iterable[ServiceItem]) -> str:
    """The reason given, when nothing speaks against the act; else all that does, a missing reason included."""
    if not faults:
        return reason_given(reason)
    fields: dict[str, Any] = {"day_past": "from_on"}
    names = {item.code: name_of_item(item) for item in items}
    told = [
        Reason(fault, str(SUCCESSIONS[fault]) % {"name": names.get(code, code)}, fields.get(fault, "into"))
        for fault, code in faults
    ]
    raise StandingRefused(reasons=[*told, *faults_of_reason(reason)])
