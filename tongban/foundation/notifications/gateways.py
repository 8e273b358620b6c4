"""Out of the house: SMS and e-mail behind one interface, real and pretend."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage

from tongban.foundation.kernel.clock import now

from .errors import NotSent
from .models import PretendPost


@dataclass(frozen=True)
class Letter:
    """What a gateway carries. `reference` is the same when a letter is tried again, so that a gateway can drop repeats."""

    address: str
    subject: str
    text: str
    reference: str


class Gateway(Protocol):
    """One way out. `send` returns the gateway's own number of the letter, or raises `NotSent`."""

    name: str

    def send(self, letter: Letter) -> str: ...


class _Pretend:
    """Keeps the letter instead of sending it; a repeat of the same reference is not kept twice."""

    name = way = ""

    def send(self, letter: Letter) -> str:
        PretendPost.objects.get_or_create(
            reference=f"{self.way}:{letter.reference}",
            defaults={
                "way": self.way,
                "address": letter.address,
                "subject": letter.subject,
                "text": letter.text,
                "at": now(),
            },
        )
        return f"pretend-{letter.reference[-12:]}"


class PretendSms(_Pretend):
    name, way = "PretendSms", "sms"


class PretendEmail(_Pretend):
    name, way = "PretendEmail", "email"


class SmtpEmail:
    """Django's own mail, set up by the `EMAIL_*` settings."""

    name = "SmtpEmail"

    def send(self, letter: Letter) -> str:
        mail = EmailMessage(
            subject=letter.subject,
            body=letter.text,
            to=[letter.address],
            headers={"Message-ID": f"<{letter.reference}@{settings.EMAIL_DOMAIN}>"},
        )
        try:
            mail.send()
        except OSError as error:  # smtplib's errors and refused sockets are all of them
            raise NotSent(fault=type(error).__name__) from error
        return letter.reference


class HttpSms:
    """An SMS provider that takes a signed JSON POST.

    Body: `{"to", "text", "sign", "reference"}`. Headers: `X-Key`, `X-Time` (seconds) and `X-Signature`, the hexadecimal
    HMAC-SHA-256 of `time + "." + body` with the shared secret. Answer: 2xx with `{"id": …}`; any other is tried again.
    """

    name = "HttpSms"

    def send(self, letter: Letter) -> str:
        body = json.dumps(
            {"to": letter.address, "text": letter.text, "sign": settings.SMS_SIGN, "reference": letter.reference},
            ensure_ascii=False,
        ).encode()
        moment = str(int(time.time()))
        signature = hmac.new(settings.SMS_SECRET.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Key": settings.SMS_KEY,
            "X-Time": moment,
            "X-Signature": signature,
        }
        request = urllib.request.Request(settings.SMS_URL, body, headers)  # noqa: S310 (the operator's own setting)
        try:
            with urllib.request.urlopen(request, timeout=settings.SMS_TIMEOUT_S) as answer:  # noqa: S310
                return str(json.load(answer)["id"])[:100]
        except urllib.error.HTTPError as error:
            raise NotSent(fault=f"HTTP {error.code}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotSent(fault=type(error).__name__) from error


GATEWAYS: dict[str, dict[str, type]] = {
    "sms": {"pretend": PretendSms, "http": HttpSms},
    "email": {"pretend": PretendEmail, "smtp": SmtpEmail},
}


def gateway_for(way: str) -> Gateway:
    """The gateway chosen by setting for one way out."""
    chosen = {"sms": settings.SMS_GATEWAY, "email": settings.EMAIL_GATEWAY}[way]
    gateway: Gateway = GATEWAYS[way][chosen]()
    return gateway
