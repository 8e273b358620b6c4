"""Leaving messages and reading them."""

import pytest
from django.db import IntegrityError, connection, transaction

from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.errors import NotFound, NotSignedIn
from tongban.foundation.notifications.actions import (
    choose_ways,
    load_templates,
    notify,
    read_all,
    read_message,
)
from tongban.foundation.notifications.errors import NoSuchTemplate
from tongban.foundation.notifications.models import Dispatch, Message, MessageTemplate
from tongban.foundation.notifications.queries import messages_of, shipped_templates, unread_count, ways_wanted
from tongban.foundation.notifications.rules import faults_of

from .factories import make_message, make_operator, make_person

pytestmark = pytest.mark.django_db


def test_a_message_reaches_its_person_in_words():
    someone, other = make_person(), make_person()
    message = make_message(someone)
    assert message.title == "已受理：公共场所卫生许可"
    assert "2026年11月28日" in message.body
    assert [m.id for m in messages_of(someone)] == [message.id]
    assert messages_of(other).rows == []
    assert (unread_count(someone), unread_count(other), unread_count(ANONYMOUS)) == (1, 0, 0)


def test_the_words_are_ciphertext_in_the_database():
    make_message(make_person())
    with connection.cursor() as cursor:
        cursor.execute("select body from notifications_message")
        assert "卫生" not in cursor.fetchone()[0]


def test_it_goes_out_by_the_ways_its_template_offers():
    make_message(make_person(), "cases.submitted")
    assert sorted(Dispatch.objects.values_list("way", flat=True)) == ["email", "sms"]


def test_declined_ways_are_left_out_except_for_legal_notices():
    someone = make_person()
    choose_ways(actor=someone, wanted={"email"})
    assert ways_wanted(someone) == {"sms": False, "email": True}
    assert [d.way for d in make_message(someone, "cases.submitted").dispatches.all()] == ["email"]
    assert make_message(someone, "cases.accepted").dispatches.count() == 2


def test_one_message_one_recipient_and_a_known_template():
    with pytest.raises(ValueError, match="one person or to one account"):
        notify(template="cases.accepted", data={})
    with pytest.raises(NoSuchTemplate):
        notify(template="cases.unheard_of", data={}, person_id=make_person().person_id)


def test_links_lead_nowhere_but_here():
    for link in ("https://elsewhere.example/", "//elsewhere.example/"):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_message(make_person(), link=link)


def test_a_later_version_is_used_from_its_day(time_machine):
    time_machine.move_to("2026-11-20T04:00:00+00:00")
    someone = make_person()
    make_message(someone)
    MessageTemplate.objects.create(
        code="cases.accepted",
        version=2,
        status="published",
        effective_on="2026-11-21",
        content={"title": "新词", "body": "新词"},
    )
    assert make_message(someone).title.startswith("已受理")
    time_machine.move_to("2026-11-20T16:00:00+00:00")  # midnight in China
    assert make_message(someone).title == "新词"


def test_reading_marks_once_and_only_ones_own():
    someone, other = make_person(), make_person()
    message = make_message(someone)
    with pytest.raises(NotFound):
        read_message(actor=other, message_id=message.id)
    first = read_message(actor=someone, message_id=message.id).read_at
    assert read_message(actor=someone, message_id=message.id).read_at == first
    assert unread_count(someone) == 0


def test_all_are_read_at_once():
    someone, other = make_person(), make_operator()
    for _ in range(3):
        make_message(someone)
    make_message(other, "staff.assigned")
    assert read_all(actor=someone) == 3
    assert unread_count(other) == 1


def test_nobody_reads_without_signing_in():
    with pytest.raises(NotSignedIn):
        messages_of(ANONYMOUS)


def test_a_page_of_messages_is_one_query(django_assert_num_queries):
    someone = make_person()
    made = [make_message(someone).id for _ in range(25)]
    with django_assert_num_queries(1):
        first = messages_of(someone)
    second = messages_of(someone, cursor=first.next)
    assert [m.id for m in [*first, *second]] == sorted(made, reverse=True)


def test_notifying_takes_few_queries(django_assert_num_queries):
    someone = make_person()
    make_message(someone)
    with django_assert_num_queries(8):  # savepoint, template, preferences, message, dispatches, two jobs, release
        make_message(someone)


def test_shipped_templates_are_all_fit_and_loaded_once():
    assert all(not faults_of(content) for content in shipped_templates()["templates"].values())
    assert load_templates() == len(shipped_templates()["templates"])
    assert load_templates() == 0
    assert Message.objects.count() == 0
