"""Verification of a licence by number, timed in the server with its real settings, and of a code without network."""

from __future__ import annotations

from django.test import Client

from tests.load.figures import Figure, milliseconds, p50, p99
from tongban.foundation.credentials.actions import status_list
from tongban.foundation.credentials.offline import list_of
from tongban.foundation.credentials.queries import believed
from tongban.foundation.credentials.rules import check
from tongban.foundation.kernel.clock import now
from tongban.services.licences.actions import credential_of
from tongban.services.licences.models import Licence
from tongban.services.verification.queries import verdicts_of

BODY = "application/json"


def measure() -> list[Figure]:
    licence = Licence.objects.exclude(record_digest="").filter(state="valid").latest("made_at")
    number, note = str(licence.number), f"{Licence.objects.count()} licences"
    by_number = milliseconds(lambda: verdicts_of(number), times=200)
    client = Client(SERVER_NAME="localhost")
    ask = {"text": number}
    called = milliseconds(lambda: client.post("/api/v1/verifications", ask, BODY), times=40)
    address = credential_of(licence)
    keys = believed()
    statuses = list_of(status_list(0), keys)
    alone = milliseconds(lambda: check(address, keys, statuses, now()), times=200)
    return [
        Figure("verification by number, p50", p50(by_number), "ms", 5, note=note),
        Figure("verification by number, p99", p99(by_number), "ms", note=note),
        Figure("verification by number through the API, p50", p50(called), "ms", note="the whole request"),
        Figure("check of a code without network, p50", p50(alone), "ms", 20),
        Figure("check of a code without network, worst", round(alone[-1], 1), "ms", 20),
    ]
