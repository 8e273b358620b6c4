"""What the checker says of the catalogue: nothing of a sound one, and of each planted fault what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection, transaction

from tests.torture.checker.catalogue import listed
from tests.torture.ledger import ACKNOWLEDGED, REFUSED, UNKNOWN, Request
from tongban.data.catalogue.actions import agree, hand_in, refuse, revise, write
from tongban.data.catalogue.models import Entry
from tongban.data.catalogue.tests.factories import make_draft, steward
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.organisations.models import Department

pytestmark = pytest.mark.django_db
FIRST, SECOND, OPEN = "(number = 1)", "(number = 2)", "(number = 3)"


@pytest.fixture
def told() -> list[Request]:
    """A system published, sent back once and published anew, with a third version that waits; and what people were told of it."""
    writer = steward()
    head = officer("dept_head", department=Department.objects.get(pk=writer.department_id))
    platform = officer("data_admin")
    entry = make_draft(writer, Entry.Kind.SYSTEM).entry
    where = {"location": f"/console/catalogue/{entry.pk}/edit/"}
    requests = [Request(1, "s", str(writer.account_id), "catalogue_begin", outcome=ACKNOWLEDGED, told=where)]

    def note(actor, act: str, about: object, mark: str = "") -> None:
        more = {"mark": mark, "about": str(about), "outcome": ACKNOWLEDGED}
        requests.append(Request(len(requests) + 1, "x", str(actor.account_id), act, **more))

    for number in (1, 2, 3):
        if number > 1:
            revise(actor=writer, entry_id=entry.pk)
            assert faults(requests) == []  # it begins with what was written before
        write(actor=writer, entry_id=entry.pk, content={"summary": f"s 0000{number}"}, revision=1, note="更新")
        note(writer, "catalogue_write", entry.pk, f"s 0000{number}")
        review = hand_in(actor=writer, entry_id=entry.pk)
        if number == 2:
            refuse(actor=head, review_id=review.pk, reason="h 00001 请改")
            note(head, "catalogue_refuse", review.pk, "h 00001 请改")
            review = hand_in(actor=writer, entry_id=entry.pk)
        for one in (head, platform) if number < 3 else ():
            agree(actor=one, review_id=review.pk)
            note(one, "catalogue_agree", review.pk)
    return requests


def faults(requests: list[Request]) -> list[str]:
    return [what for _about, what in listed(connection.connection, requests)]


def test_a_sound_catalogue_has_no_faults(told: list[Request]) -> None:
    assert [one.act for one in told].count("catalogue_agree") == 4
    assert faults(told) == []


PLANTED = {
    "update catalogue_version set content = content - 'summary' where number = 1": "acknowledged, and there 0 times",
    "update catalogue_version set content = (select content from catalogue_version where number = 1) where number = 3": "there 2 times",
    "update catalogue_review set answer = '' where state = 'refused'": "acknowledged, and there 0 times",
    "update catalogue_review set platform_by = null where state = 'agreed'": "the review does not know of it",
    "update catalogue_review set state = 'recalled' where state = 'agreed'": "published, by 0 reviews that agreed",
    "update catalogue_version set status = 'draft' where number = 2": "agreed, and its version is draft",
    "update catalogue_version set authors = authors || (select array_agg(platform_by) from catalogue_review where platform_by is not null)":
        "agreed by fewer than two, or by who wrote it",
    "update catalogue_entry set published_id = (select id from catalogue_version where number = 1)":
        "holds a version that is not its newest published one",
    "update catalogue_version set superseded_at = null where number = 1": "published, and not superseded",
    "update catalogue_version set superseded_at = now() where number = 2": "published, and superseded, and holds",
    "update catalogue_version set status = 'draft' where number = 3": "is draft, with 1 reviews open",
    "update catalogue_review set state = 'recalled' where state = 'department'": "is in_review, with 0 reviews open",
    "update catalogue_version set number = 5 where number = 3": "its versions are numbered 1 2 5",
    "delete from audit_fact where name = 'catalogue.published'": "0 facts catalogue.published, of 2",
    "update audit_fact set name = 'catalogue.published' where name = 'catalogue.begun'": "3 facts catalogue.published, of 2",
    "delete from audit_fact where name = 'catalogue.department_agreed'": "0 facts catalogue.department_agreed, of 2",
    "delete from audit_fact where name = 'catalogue.refused'": "0 facts catalogue.refused, of 1",
}  # fmt: skip


def test_every_planted_fault_is_named(told: list[Request]) -> None:
    for statement, named in PLANTED.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set local session_replication_role = replica")
            cursor.execute("drop index one_open_catalogue_version")
            cursor.execute(statement)
            assert cursor.rowcount, statement
            found = faults(told)
            assert any(named in what for what in found), (statement, found)
            transaction.set_rollback(True)


def test_what_was_told_otherwise_is_named(told: list[Request]) -> None:
    begun, written = told[0], told[1]
    nowhere = {"location": "/console/catalogue/01a20075-aaaa-7880-b52d-4d6b394cb446/edit/"}
    assert faults([*told, replace(begun, told=nowhere)]) == ["acknowledged, and does not exist"]
    assert faults([*told, begun]) == ["was the answer 2 times"]
    assert faults([*told, replace(written, outcome=REFUSED)]) == ["refused, and there 1 times"]
    assert faults([*told, replace(written, outcome=UNKNOWN)]) == []
    lost = replace(written, mark="s 99999")
    assert faults([*told, lost]) == ["acknowledged, and there 0 times"]
    assert faults([*told, replace(lost, outcome=UNKNOWN)]) == []
    stranger = replace(next(one for one in told if one.act == "catalogue_agree"), by=str(begun.by))
    assert faults([*told, stranger]) == ["acknowledged, and the review does not know of it"]
