"""The check in the browser and the check in Python are twins: for the same texts, the same answers and steps."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from tongban.foundation.credentials.rules import Key, KeySet, check, compressed, read_status_list
from tongban.foundation.credentials.tests.factories import ISSUED_AT, City, make_claims

SCRIPT = (Path(__file__).parents[1] / "static" / "verification" / "check.js").read_text()
PAGE = '<script type="module">import * as twin from "/check.js"; window.twin = twin;</script>'
CITY, DAY = City(), timedelta(days=1)
KEYS = KeySet(CITY.code, "", {CITY.kid: Key(CITY.kid, CITY.pem)})
PUBLISHED = {
    "city": CITY.code,
    "keys": [{
        "kid": CITY.kid, "alg": "p256", "use": "credential", "pem": CITY.pem,
        "from": "2020-01-01T00:00:00+00:00", "until": "2040-01-01T00:00:00+00:00",
    }],
}  # fmt: skip
LATER = ISSUED_AT + timedelta(hours=1)
GOOD = CITY.signed()
CASES: dict[str, tuple[str, dict[int, int], datetime]] = {
    "valid": (GOOD, {}, LATER),
    "an address": (f"https://zwfw.example/verify/#{GOOD}", {}, LATER),
    "suspended": (GOOD, {77_001: 1}, LATER),
    "revoked": (GOOD, {77_001: 2}, LATER),
    "superseded": (GOOD, {77_001: 3}, LATER),
    "expired": (GOOD, {}, LATER.replace(year=2031)),
    "old list": (GOOD, {}, LATER + 5 * DAY),
    "clock set back": (GOOD, {}, LATER.replace(year=2020)),
    "other list": (CITY.signed(make_claims(list_no=3)), {}, LATER),
    "for good": (CITY.signed(make_claims(valid_until=None, subject="2.999.1")), {}, LATER),
    "not yet": (CITY.signed(make_claims(valid_from=(LATER + 9 * DAY).date())), {}, LATER),
    "other city": (City(code="510100", kid="ff" * 8).signed(), {}, LATER),
    "forged": (City().signed(), {}, LATER),
    "digits": ("7" * 400, {}, LATER),
    "words": ("<script>" * 30, {}, LATER),
    "nothing": ("", {}, LATER),
}


def published(states: dict[int, int]) -> dict:
    body = {
        "kind": "tongban.status", "list": 0, "encodedList": compressed(states), "issued_at": ISSUED_AT.isoformat(),
        "next_update": (ISSUED_AT + DAY).isoformat(),
    }  # fmt: skip
    text = json.dumps(body)
    value = base64.b64encode(CITY.secret.sign(text.encode(), ec.ECDSA(SHA256()))).decode()
    return {"text": text, "signatures": [{"alg": "p256", "kid": CITY.kid, "value": value}]}


@pytest.fixture
def page(browser):
    context = browser.new_context()
    page = context.new_page()
    # An address over TLS: browsers give their cryptography to nothing less.
    page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.route("**/check.js", lambda route: route.fulfill(body=SCRIPT, content_type="text/javascript"))
    page.goto("https://twin.example/")
    page.wait_for_function("window.twin")
    yield page
    context.close()


ASK = """async ([text, list, keys, at]) => {
  const found = await twin.check(text, keys, [await twin.readList(list, keys)], new Date(at));
  return [found.answer, found.claims?.subject ?? null, found.doubts, found.steps.map(({step, ok}) => [step, ok])];
}"""


@pytest.mark.browser
def test_both_say_the_same(page) -> None:
    for name, (text, states, at) in CASES.items():
        signed = published(states)
        here = check(text, KEYS, read_status_list(json.loads(signed["text"])), at)
        subject = here.claims.subject if here.claims else None
        steps = [[step.step, step.ok] for step in here.steps]
        there = page.evaluate(ASK, [text, signed, PUBLISHED, at.isoformat()])
        assert there == [here.answer, subject, list(here.doubts), steps], name


@pytest.mark.browser
def test_a_list_somebody_touched_is_no_list(page) -> None:
    signed = published({77_001: 2})
    signed["text"] = signed["text"].replace('"list": 0', '"list": 1')
    assert page.evaluate("([list, keys]) => twin.readList(list, keys)", [signed, PUBLISHED]) is None
