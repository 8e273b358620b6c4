"""A licence's page drawn, sealed and judged, and SM2 signatures beside openssl's own in the same minute."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

from tests.load.figures import Figure, milliseconds, p50
from tongban.foundation.layouts.actions import ofd_of, pdf_of, sealed_ofd, sealed_pdf
from tongban.foundation.layouts.queries import judge_ofd, judge_pdf
from tongban.foundation.seals.queries import seal_for
from tongban.foundation.trust.actions import key_for, sign
from tongban.services.licences.actions.drawing import pages_of
from tongban.services.licences.models import Licence

SECONDS = 2
ROUNDS = 3
BODY = b"x" * 256


def measure() -> list[Figure]:
    licence = Licence.objects.exclude(record_digest="").filter(state="valid").latest("made_at")
    seal = seal_for(licence.issuer_id, "licence")
    assert seal is not None, "the demo city has a seal for every department of its items"
    told = {
        "title": licence.type_name,
        "metadata": {"ZZBS": licence.identifier} | json.loads(licence.record)["metadata"],
    }
    stamped = {"seal_id": seal.pk, "subject": "bench"}

    def pdf() -> bytes:
        return pdf_of(pages=pages_of(licence)[0], **told)

    def ofd() -> bytes:
        return ofd_of(pages=pages_of(licence)[0], **told)

    def signed_pdf() -> bytes:
        return sealed_pdf(pdf=drawn_pdf, page=0, x=140, y=220, reason="颁发证照", **stamped)

    def signed_ofd() -> bytes:
        return sealed_ofd(ofd=drawn_ofd, places=[(0, 140, 220)], **stamped)

    drawn_pdf, drawn_ofd = pdf(), ofd()
    whole_pdf, whole_ofd = undone(signed_pdf), undone(signed_ofd)
    return [
        Figure("a licence's page drawn as PDF, p50", middle(pdf), "ms", 150, note="filled from its record; PDF/A-2a"),
        Figure(
            "processor time of that", processor(pdf), "ms", note="what it takes when nothing else runs on the machine"
        ),
        Figure("the same as OFD, p50", middle(ofd), "ms"),
        Figure("processor time of that", processor(ofd), "ms"),
        Figure(
            "sealing the PDF, p50", middle(lambda: undone(signed_pdf), 15), "ms", note="PAdES B-LT, on top of drawing"
        ),
        Figure("sealing the OFD, p50", middle(lambda: undone(signed_ofd), 15), "ms", note="GB/T 38540"),
        Figure("judging the PDF, p50", middle(lambda: judge_pdf(whole_pdf), 7), "ms", note="in a process of its own"),
        Figure("judging the OFD, p50", middle(lambda: judge_ofd(whole_ofd), 15), "ms"),
        *signatures(),
    ]


def middle(work: Callable[[], Any], times: int = 40) -> float:
    return p50(milliseconds(work, times=times, warm=2))


def processor(work: Callable[[], Any], times: int = 20) -> float:
    began = time.process_time()
    for _ in range(times):
        work()
    return round((time.process_time() - began) * 1000 / times, 1)


def undone(work: Callable[[], bytes]) -> bytes:
    """What the work makes; that a seal was used is taken back."""
    with transaction.atomic():
        made = work()
        transaction.set_rollback(True)
    return made


def signatures() -> list[Figure]:
    """Ours and openssl's by turns, so that the rest of the machine strikes both."""
    key = key_for("platform:records", "bench", "sm2")
    rounds = [(ours(key), openssl()) for _ in range(ROUNDS)]
    ratio, mine, peer = sorted((one / other, one, other) for one, other in rounds)[ROUNDS // 2]
    return [
        Figure("SM2 signatures in one process", round(mine), "/s", note="SM3 of 256 bytes and the identity included"),
        Figure("openssl speed sm2", round(peer), "/s", note="the bare signature"),
        Figure("SM2 signatures against openssl speed, ratio", round(ratio, 2), "", 0.5, at_least=True),
    ]


def ours(key: Any) -> float:
    made, began = 0, time.process_time()
    while time.process_time() - began < SECONDS:
        sign(key, BODY)
        made += 1
    return made / (time.process_time() - began)


def openssl() -> float:
    said = subprocess.run(
        ["openssl", "speed", "-seconds", str(SECONDS), "sm2"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"\(CurveSM2\)\s+\S+\s+\S+\s+([\d.]+)", said)
    assert found, said
    return float(found[1])
