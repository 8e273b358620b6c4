"""Acts on an item that need two people: one proposes, a second confirms or refuses; until then nothing happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Conflict
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import tell_writer
from tongban.services.items.errors import OwnWork, ProposalUnderWay
from tongban.services.items.models import ItemEvent, Proposal, ServiceItem
from tongban.services.items.queries.lifecycle import name_of_item

from .standing import cancel_item, keep_item, merge_items, resume_item, split_item, suspend_item
from .story import Kind, keep, reason_given

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

Act, State = Proposal.Act, Proposal.State


@transaction.atomic
def propose(
    *,
    actor: Actor,
    code: str,
    act: str,
    reason: str,
    others: Sequence[str] = (),
    into: str = "",
    from_on: date | None = None,
) -> Proposal:
    """Put an act forward. Refused at once with all that would refuse it now; asked again when it is confirmed."""
    item = find(ServiceItem.objects.select_for_update(of=("self",)).select_related("department"), code=code)
    permit(actor, "items.manage", department_id=item.department_id)
    if item.proposals.filter(state=State.OPEN).exists():
        raise ProposalUnderWay
    proposal = Proposal(
        item=item, act=Act(act), others=list(dict.fromkeys(others)), into=into, from_on=from_on, reason=reason.strip(),
        made_by=actor.account_id, made_at=now(),
    )  # fmt: skip
    _rehearse(actor, proposal)
    proposal.save()
    keep(Kind.PROPOSED, actor=actor, item=item, reason=proposal.reason, from_on=from_on, data={"act": proposal.act})
    return proposal


def _rehearse(actor: Actor, proposal: Proposal) -> None:
    """Do it and take it back, so that what is refused when proposed and when confirmed is the same."""
    with transaction.atomic():
        _do(actor, proposal)
        transaction.set_rollback(True)


def _do(actor: Actor, proposal: Proposal) -> list[str]:
    """The act itself; the codes it touched."""
    code, reason, others, day = proposal.item.code, proposal.reason, proposal.others, proposal.from_on
    if proposal.act == Act.MERGE:
        merge_items(actor=actor, codes=[code, *others], into=proposal.into, reason=reason, from_on=day)
        return [code, *others, proposal.into]
    if proposal.act == Act.SPLIT:
        split_item(actor=actor, code=code, into=others, reason=reason, from_on=day)
        return [code, *others]
    if proposal.act == Act.CANCEL:
        cancel_item(actor=actor, code=code, reason=reason, from_on=day)
    else:
        {Act.SUSPEND: suspend_item, Act.RESUME: resume_item, Act.KEEP: keep_item}[Act(proposal.act)](
            actor=actor, code=code, reason=reason
        )
    return [code]


@transaction.atomic
def confirm_proposal(*, actor: Actor, proposal_id: UUID) -> Proposal:
    """The second person agrees, and it is done, by the rules as they stand now."""
    proposal = _open(actor, proposal_id)
    if proposal.made_by in actor.names:
        raise OwnWork(_("您提出的要由另一位同事确认。"))
    if proposal.from_on is not None:
        proposal.from_on = max(proposal.from_on, today())  # the answer came later than the day proposed
    touched = _do(actor, proposal)
    _note_who_proposed(proposal, touched)
    _answered(proposal, actor, State.CONFIRMED)
    _tell("confirmed", actor, proposal, day=max(proposal.from_on or today(), today()))
    return proposal


def _note_who_proposed(proposal: Proposal, codes: Sequence[str]) -> None:
    """The line each item got just now, in this transaction, tells both names."""
    rows = ItemEvent.objects.filter(item__code__in=codes).order_by("item_id", "-at", "-id").distinct("item_id")
    for event in rows:
        event.data["proposed_by"] = str(proposal.made_by or "")
        event.save(update_fields=["data"])


@transaction.atomic
def refuse_proposal(*, actor: Actor, proposal_id: UUID, reason: str) -> Proposal:
    """The second person does not agree and says why; the item stays as it is."""
    proposal = _open(actor, proposal_id)
    if proposal.made_by in actor.names:
        raise OwnWork(_("这是您自己提出的，请用“收回”。"))
    said = reason_given(reason)
    _answered(proposal, actor, State.REFUSED, said)
    keep(Kind.DECLINED, actor=actor, item=proposal.item, reason=said, data={"act": proposal.act})
    _tell("refused", actor, proposal, why=said)
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: Actor, proposal_id: UUID, reason: str) -> Proposal:
    """Who proposed it thinks better of it."""
    proposal = _open(actor, proposal_id)
    if proposal.made_by not in actor.names:
        raise OwnWork(_("只有提出的人能收回。不同意请用“不同意”，并写明原因。"))
    said = reason_given(reason)
    _answered(proposal, actor, State.WITHDRAWN, said)
    keep(Kind.DROPPED, actor=actor, item=proposal.item, reason=said, data={"act": proposal.act})
    return proposal


def _open(actor: Actor, proposal_id: UUID) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("item__department")
    proposal = find(rows, pk=proposal_id)
    permit(actor, "items.manage", department_id=proposal.item.department_id)
    if proposal.state != State.OPEN:
        raise Conflict(_("这项提议已经有了答复，请刷新后再看。"))
    return proposal


def _answered(proposal: Proposal, actor: Actor, state: str, answer: str = "") -> None:
    proposal.state, proposal.answer = state, answer
    proposal.answered_by, proposal.answered_at = actor.account_id, now()
    proposal.save(update_fields=["state", "answer", "answered_by", "answered_at", "from_on"])


def _tell(outcome: str, actor: Actor, proposal: Proposal, *, why: str = "", day: date | None = None) -> None:
    title = f"{Act(proposal.act).label}：{name_of_item(proposal.item)}"
    tell_writer(
        outcome, actor=actor, writers=[proposal.made_by], what=_("事项变更"), title=title, subject=proposal.item,
        link=f"/console/items/proposals/{proposal.pk}/", why=why, day=day,
    )  # fmt: skip
