"""A ticket on its way between the department whose data it is about and the platform, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import pour
from tongban.data.quality import actions, queries
from tongban.data.quality.errors import QualityMoved, TicketRefused
from tongban.data.quality.models import Finding, Ticket
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.notifications.models import Message

from .factories import PLATFORM, ROWS, checked, content, make_people, make_rule

pytestmark = pytest.mark.django_db


def test_a_ticket_is_explained_given_back_and_seen_when_it_is_late(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people)
    checked(steward, people)
    ticket = Ticket.objects.get()
    with pytest.raises(TicketRefused):
        actions.explain(actor=steward, ticket_id=ticket.pk, words="")
    actions.explain(actor=steward, ticket_id=ticket.pk, words="老档案没有记")
    with pytest.raises(QualityMoved):
        actions.explain(actor=steward, ticket_id=ticket.pk, words="再说一次")
    actions.give_back(actor=PLATFORM, ticket_id=ticket.pk, words="请查纸质档案")
    actions.explain(actor=steward, ticket_id=ticket.pk, words="纸质档案也没有")
    assert [one.what for one in ticket.steps.order_by("at")] == ["sent", "explained", "returned", "explained"]
    Ticket.objects.update(due_on=today() - timedelta(days=1))
    assert len(queries.tickets(actor=PLATFORM, state="late")) == 1
    assert queries.board(actor=steward).late == 1
    actions.close(actor=PLATFORM, ticket_id=ticket.pk, words="同意")
    assert queries.board(actor=steward).late == 0


def test_lower_levels_put_nothing_aside_and_the_platform_may_send(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people, severity="warning")
    check = checked(steward, people)
    assert (check.aside, Ticket.objects.count()) == (0, 0)
    finding = Finding.objects.get()
    with pytest.raises(NotAllowed):
        actions.send(actor=steward, finding_id=finding.pk)
    actions.send(actor=PLATFORM, finding_id=finding.pk)
    with pytest.raises(QualityMoved):
        actions.send(actor=PLATFORM, finding_id=finding.pk)


def test_what_was_explained_and_accepted_is_not_sent_again_until_more_offend(people: Dataset, steward: Actor) -> None:
    first = make_rule(steward, people)
    checked(steward, people)
    ticket = Ticket.objects.get()
    actions.explain(actor=steward, ticket_id=ticket.pk, words="老档案没有记")
    actions.close(actor=PLATFORM, ticket_id=ticket.pk, words="同意")
    assert ticket.steps.get(what="closed").bad == 2, "looked at again, and told"
    checked(steward, people)
    assert Ticket.objects.count() == 1
    pour(people, [("a9", "周八", None)])
    checked(steward, people)
    assert Ticket.objects.count() == 2, "one more than was explained"
    actions.explain(actor=steward, ticket_id=Ticket.objects.get(number=2).pk, words="一样")
    actions.close(actor=PLATFORM, ticket_id=Ticket.objects.get(number=2).pk)
    actions.save_rule(
        actor=steward, dataset_id=people.pk, content=content(), effective_on=today(), rule_id=first.rule_id
    )
    checked(steward, people)
    assert Ticket.objects.count() == 3, "another version asks anew"


def test_a_late_dataset_is_not_said_to_be_corrected_before_it_came(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people, {"kind": "fresh", "columns": [], "hours": "24"}, dimension="timely")
    people.batches.update(merged_at=now() - timedelta(hours=30))
    checked(steward, people)
    ticket = Ticket.objects.get()
    with pytest.raises(TicketRefused):
        actions.correct(actor=steward, ticket_id=ticket.pk)
    pour(people, ROWS, whole=True)
    assert actions.correct(actor=steward, ticket_id=ticket.pk).state == "answered"


def test_whoever_has_the_next_step_of_a_ticket_is_told() -> None:
    mine, platform = officer("data_steward"), officer("data_admin")
    people = make_people(department_id=mine.department_id)
    make_rule(mine, people)
    checked(mine, people)
    ticket = Ticket.objects.get()
    told = {"link": f"/console/quality/tickets/{ticket.pk}/"}
    assert [one.recipient_id for one in Message.objects.filter(**told)] == [mine.account_id]
    actions.explain(actor=mine, ticket_id=ticket.pk, words="老档案没有记")
    assert platform.account_id in {one.recipient_id for one in Message.objects.filter(**told)}
    actions.give_back(actor=platform, ticket_id=ticket.pk, words="请查纸质档案")
    assert Message.objects.filter(recipient_id=mine.account_id, **told).count() == 2
