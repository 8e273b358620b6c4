"""The inbox and the operator's outbox in the browser."""

import pytest

from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.notifications.actions import send_out
from tongban.foundation.notifications.models import Message, Preference

from .factories import make_message

pytestmark = pytest.mark.django_db


def test_a_citizen_reads_his_messages(client):
    someone = citizen()
    for _ in range(21):
        message = make_message(someone)
    sign_in(client, someone)
    page = client.get("/my/messages/").content.decode()
    assert page.count('<li>\n    <div class="tb-list__main"') == 20
    assert "下一页" in page
    assert "去查看" in client.get(f"/my/messages/{message.id}/").content.decode()
    message.refresh_from_db()
    assert message.read_at
    client.post("/my/messages/read/")
    assert not Message.objects.filter(read_at=None).exists()
    assert "没有未读消息" in client.get("/my/messages/?show=unread").content.decode()


def test_an_empty_inbox_says_what_will_be_there(client):
    sign_in(client, citizen())
    assert "还没有消息" in client.get("/my/messages/").content.decode()


def test_somebody_elses_message_is_not_found(client):
    message = make_message(citizen())
    sign_in(client, citizen())
    assert client.get(f"/my/messages/{message.id}/").status_code == 404


def test_staff_read_theirs_in_the_console(client):
    clerk = officer("clerk")
    make_message(clerk, "staff.assigned")
    sign_in(client, clerk)
    page = client.get("/my/messages/")
    assert "新分派给您的办件" in page.content.decode()
    assert "console/frame.html" in [t.name for t in page.templates]


def test_ways_are_chosen(client):
    someone = citizen()
    sign_in(client, someone)
    assert client.post("/my/messages/ways/", {"way": ["email"]}).status_code == 302
    assert list(Preference.objects.values_list("recipient_id", "way")) == [(someone.person_id, "sms")]


def test_the_outbox_is_masked_and_for_operators(client):
    someone = citizen()
    sms = make_message(someone).dispatches.get(way="sms")
    sent = send_out(sms.id)
    sign_in(client, officer("operator"))
    page = client.get("/console/outbox/?state=sent").content.decode()
    assert sent.address_masked in page
    assert "****" in sent.address_masked

    sign_in(client, officer("clerk"))
    assert client.get("/console/outbox/").status_code == 403


def test_who_is_not_signed_in_is_sent_to_the_door(client):
    assert client.get("/my/messages/").status_code == 302
