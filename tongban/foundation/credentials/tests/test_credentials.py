"""Made once, marked as the licence goes, published as a list that the rules believe."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.credentials import actions
from tongban.foundation.credentials.actions import credential_for, mark, status_list
from tongban.foundation.credentials.errors import NoSuchList
from tongban.foundation.credentials.models import Credential
from tongban.foundation.credentials.queries import checked, key_set, lists
from tongban.foundation.credentials.rules import check, read_key_set, read_status_list
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.trust.queries import check_record

from .factories import IDENTIFIER

ACTOR = installer("licences.manage")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_lists():
    actions._kept.clear()
    yield
    actions._kept.clear()


def make_credential(subject: str = IDENTIFIER, **changes: object) -> str:
    face: dict = {
        "kind": "食品经营许可证",
        "number": "JY15116****0012",
        "holder": "张*",
        "issuer": "广安市广安区市场监督管理局",
        "valid_from": today() - timedelta(days=1),
        "valid_until": None,
    }
    return credential_for(subject, **face | changes)


def downloaded(number: int = 0):
    """As a phone has them: through JSON, the list's signatures checked."""
    published = json.loads(json.dumps(status_list(number)))
    steps = check_record(published["text"].encode(), published["signatures"])
    assert steps
    assert all(step.ok for step in steps)
    return read_key_set(json.loads(json.dumps(key_set()))), read_status_list(json.loads(published["text"]))


def test_a_credential_is_made_once_and_believed_by_whoever_has_the_downloads() -> None:
    address = make_credential()
    assert make_credential(kind="另一种") == address
    keys, statuses = downloaded()
    found = check(address, keys, statuses, now())
    assert (found.answer, found.doubts) == ("valid", ())
    assert found.claims is not None
    assert (found.claims.subject, found.claims.holder) == (IDENTIFIER, "张*")
    assert checked(address).answer == "valid"


@pytest.mark.parametrize("state", ["suspended", "revoked", "superseded"])
def test_a_marked_credential_stands_so_in_the_list(state: str, django_capture_on_commit_callbacks) -> None:
    address = make_credential()
    assert check(address, *downloaded(), now()).answer == "valid"
    with django_capture_on_commit_callbacks(execute=True):
        assert mark(actor=ACTOR, states={IDENTIFIER: state, "1.2.156.3005.2.NONE": state}) == 1
    assert check(address, *downloaded(), now()).answer == state
    assert mark(actor=ACTOR, states={IDENTIFIER: state}) == 0
    assert Fact.objects.filter(name="credentials.marked").count() == 1


def test_a_licence_that_no_longer_stands_has_no_valid_code() -> None:
    assert check(make_credential(state="revoked"), *downloaded(), now()).answer == "revoked"


def test_a_full_list_is_followed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FULL", 2)
    for number in range(3):
        make_credential(f"{IDENTIFIER}{number}")
    assert list(lists()) == [0, 1]
    assert sorted(Credential.objects.values_list("list_no", flat=True)) == [0, 0, 1]
    with pytest.raises(NoSuchList):
        status_list(2)


def test_a_place_already_taken_is_not_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    places = iter([5, 5, 6])
    monkeypatch.setattr(actions.secrets, "randbelow", lambda _length: next(places))
    make_credential()
    make_credential(f"{IDENTIFIER}2")
    assert sorted(Credential.objects.values_list("place", flat=True)) == [5, 6]


def test_a_list_is_not_made_anew_for_everybody(django_assert_num_queries) -> None:
    make_credential()
    status_list(0)
    with django_assert_num_queries(0):
        status_list(0)


def test_nothing_printed_lies_open_in_the_table() -> None:
    from django.db import connection

    address = make_credential(valid_until=date(2099, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("select digits from credentials_credential")
        assert cursor.fetchone()[0] not in address
