"""How messages leave the house: pretend gateways, a real HTTP one against a small server, failures and retries."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.db import connection

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.queries import person
from tongban.foundation.identity.tests.factories import citizen
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.notifications.actions import notify, send_again, send_out
from tongban.foundation.notifications.errors import AlreadySent, NotSent
from tongban.foundation.notifications.gateways import GATEWAYS, HttpSms, Letter, PretendSms, SmtpEmail
from tongban.foundation.notifications.models import Dispatch, PretendPost
from tongban.foundation.notifications.queries import dispatches
from tongban.foundation.notifications.rules import MOST_ATTEMPTS
from tongban.foundation.tasks.actions import run_waiting

from .factories import WORDS, make_operator, make_person

pytestmark = pytest.mark.django_db


class DeadGateway:
    name = "Dead"

    def send(self, letter):
        raise NotSent(fault="TimeoutError")


@pytest.fixture
def someone():
    return citizen()


def tell(someone, template="cases.accepted"):
    return notify(person_id=someone.person_id, template=template, data=WORDS)


def test_a_message_leaves_by_sms_with_the_address_of_today(someone):
    message = tell(someone)
    run_waiting()
    phone = person(someone.person_id).phone
    sms = message.dispatches.get(way="sms")
    assert (sms.state, sms.gateway, sms.attempts) == ("sent", "PretendSms", 1)
    assert sms.address_masked == f"{phone[:3]}****{phone[-4:]}"
    post = PretendPost.objects.get(way="sms")
    assert (post.address, "已受理" in post.text) == (phone, True)


def test_no_phone_or_name_is_in_the_queue(someone):
    tell(someone)
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs where task_name = 'notifications.send_out'")
        for (args,) in cursor.fetchall():
            assert set(json.loads(args)) == {"dispatch_id"}


def test_running_twice_sends_once(someone):
    sms = tell(someone).dispatches.get(way="sms")
    send_out(sms.id)
    assert send_out(sms.id).attempts == 1
    assert PretendPost.objects.filter(way="sms").count() == 1


def test_somebody_unknown_has_no_address():
    sms = tell(make_person()).dispatches.get(way="sms")
    assert send_out(sms.id).state == Dispatch.State.NO_ADDRESS


def test_a_dead_gateway_is_tried_again_then_given_up(someone, monkeypatch):
    monkeypatch.setitem(GATEWAYS["sms"], "pretend", DeadGateway)
    sms = tell(someone).dispatches.get(way="sms")
    with pytest.raises(NotSent):
        send_out(sms.id)
    sms.refresh_from_db()
    assert (sms.state, sms.fault, sms.attempts) == ("failed", "TimeoutError", 1)
    Dispatch.objects.filter(id=sms.id).update(attempts=MOST_ATTEMPTS - 1)
    assert send_out(sms.id).state == Dispatch.State.GIVEN_UP

    monkeypatch.setitem(GATEWAYS["sms"], "pretend", PretendSms)
    send_again(actor=make_operator(), dispatch_id=sms.id)
    assert send_out(sms.id).state == "sent"
    with pytest.raises(AlreadySent):
        send_again(actor=make_operator(), dispatch_id=sms.id)
    assert Fact.objects.filter(name="notifications.sent_again").count() == 1


def test_only_an_operator_sees_the_outbox(someone):
    tell(someone)
    assert len(dispatches(make_operator())) == 2
    with pytest.raises(NotAllowed):
        dispatches(someone)


def test_django_sends_e_mail():
    SmtpEmail().send(Letter("a@example.cn", "题", "文", "ref-1"))
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["a@example.cn"], "题")
    assert "ref-1" in mail.outbox[0].extra_headers["Message-ID"]


class Provider(BaseHTTPRequestHandler):
    """A provider that checks the signature as its contract says, and refuses numbers that end in 0."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        right = hmac.new(b"secret", self.headers["X-Time"].encode() + b"." + body, hashlib.sha256).hexdigest()
        good = self.headers["X-Signature"] == right and not json.loads(body)["to"].endswith("0")
        self.send_response(200 if good else 503)
        self.end_headers()
        self.wfile.write(json.dumps({"id": "SMS-1"}).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def provider(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_KEY, settings.SMS_SECRET = "key", "secret"
    yield
    server.shutdown()


def test_the_provider_takes_a_signed_sms(provider):
    assert HttpSms().send(Letter("13800138001", "", "您的申请已受理", "ref")) == "SMS-1"


def test_a_provider_that_refuses_is_tried_again(provider):
    with pytest.raises(NotSent) as refusal:
        HttpSms().send(Letter("13800138000", "", "文", "ref"))
    assert refusal.value.details == {"fault": "HTTP 503"}


def test_no_provider_no_traceback(settings):
    settings.SMS_URL = "http://127.0.0.1:9/send"
    with pytest.raises(NotSent):
        HttpSms().send(Letter("13800138001", "", "文", "ref"))
