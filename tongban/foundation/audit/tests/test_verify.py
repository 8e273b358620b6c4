"""Whatever is done to the trail behind the program's back, `verify` names the first entry that was touched."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tongban.foundation.audit import queries
from tongban.foundation.audit.actions import prepared_fact, record, seal
from tongban.foundation.audit.models import Fact, Seal
from tongban.foundation.audit.rules import Alteration, digest_of
from tongban.foundation.kernel.actors import ANONYMOUS

from .factories import guards_down

pytestmark = pytest.mark.django_db
DAY_ONE, DAY_TWO, DAY_THREE = "2026-03-02T02:00Z", "2026-03-03T02:00Z", "2026-03-04T02:00Z"


@pytest.fixture(autouse=True)
def trail(settings, tmp_path) -> Iterator[None]:
    """Two streams of four facts each on the first day and one more on the second, each day sealed."""
    settings.AUDIT_KEY_FOLDER = tmp_path / "keys"
    with time_machine.travel(DAY_ONE, tick=True):
        for _ in range(4):
            record("cases.reviewed", actor=ANONYMOUS, subject="case:a", data={"days": 1})
            record("cases.reviewed", actor=ANONYMOUS, subject="case:b", data={"days": 1})
    with time_machine.travel(DAY_TWO, tick=True):
        assert seal() is not None
        record("cases.closed", actor=ANONYMOUS, subject="case:a")
    with time_machine.travel(DAY_THREE, tick=True):
        assert seal() is not None
        yield


def verified() -> str:
    out = StringIO()
    call_command("audit", "verify", stdout=out, stderr=out)
    return out.getvalue()


def tamper(statement: str) -> list[Alteration]:
    with guards_down() as cursor:
        cursor.execute(statement)
    return queries.verify()


def test_an_untouched_trail_is_found_whole() -> None:
    assert queries.verify() == []
    assert "原样无误" in verified()


def test_a_changed_entry_is_named() -> None:
    found = tamper("update audit_fact set data = '{\"days\": 99}' where stream = 'case:b' and position = 2")
    assert (found[0].stream, found[0].position, found[0].kind) == ("case:b", 2, "changed")
    with pytest.raises(CommandError, match="case:b 第2条"):
        verified()


@pytest.mark.parametrize("column", ["name = 'x'", "at = at - interval '1 second'", "actor_id = gen_random_uuid()"])
def test_every_column_is_bound(column: str) -> None:
    found = tamper(f"update audit_fact set {column} where stream = 'case:a' and position = 3")
    assert (found[0].stream, found[0].position) == ("case:a", 3)


def test_a_deleted_entry_is_named() -> None:
    found = tamper("delete from audit_fact where stream = 'case:a' and position = 2")
    assert (found[0].stream, found[0].position, found[0].kind) == ("case:a", 2, "missing")


def test_a_deleted_last_entry_is_named_by_the_seal() -> None:
    found = tamper("delete from audit_fact where stream = 'case:b' and position = 4")
    assert (found[0].stream, found[0].position, found[0].kind) == ("case:b", 4, "missing")


def test_a_whole_stream_deleted_is_named_by_the_seal() -> None:
    found = tamper("delete from audit_fact where stream = 'case:b'")
    assert (found[0].stream, found[0].position, found[0].kind) == ("case:b", 1, "missing")


def test_entries_that_changed_places_are_named() -> None:
    found = tamper(
        "update audit_fact set position = case position when 2 then 30 else 2 end"
        " where stream = 'case:a' and position in (2, 3);"
        " update audit_fact set position = 3 where stream = 'case:a' and position = 30"
    )
    assert (found[0].stream, found[0].position, found[0].kind) == ("case:a", 2, "reordered")


def test_an_entry_forged_at_the_end_with_a_right_digest_is_named_by_the_seal() -> None:
    last = Fact.objects.get(stream="case:b", position=4)
    Fact.objects.create(
        **prepared_fact(
            "cases.granted", actor=ANONYMOUS, subject="case:b", at=last.at, position=5, previous=last.digest
        )
    )
    (found,) = queries.verify()
    assert (found.stream, found.position, found.kind) == ("case:b", 5, "inserted")


def test_a_stream_invented_for_the_past_is_named_by_the_seal() -> None:
    past = Fact.objects.get(stream="case:b", position=4).at
    Fact.objects.create(**prepared_fact("cases.granted", actor=ANONYMOUS, subject="case:forged", at=past))
    (found,) = queries.verify()
    assert (found.stream, found.kind) == ("case:forged", "inserted")


def test_an_entry_rewritten_with_its_whole_chain_is_named_by_the_seal() -> None:
    last = Fact.objects.get(stream="case:b", position=4)
    forged = {
        name: getattr(last, name) for name in ("id", "at", "actor_kind", "actor_id", "person_id", "department_id")
    }
    forged |= {"stream": "case:b", "position": 4, "name": "cases.refused", "data": last.data}
    with guards_down() as cursor:
        cursor.execute(
            "update audit_fact set name = 'cases.refused', digest = %s where stream = 'case:b' and position = 4",
            [digest_of(forged, last.previous)],
        )
    (found,) = queries.verify()
    assert (found.stream, found.position, found.kind) == ("case:b", 4, "changed")


@pytest.mark.parametrize("change", ["facts = facts + 1", "root = repeat('0', 64)", "signature = 'AAAA'", "heads = ''"])
def test_an_altered_seal_is_named(change: str) -> None:
    found = tamper(f"update audit_seal set {change} where number = 1")
    assert (found[0].stream, found[0].position, found[0].kind) == ("seals", 1, "seal")


def test_a_removed_seal_is_named() -> None:
    found = tamper("delete from audit_seal where number = 1")
    assert (found[0].stream, found[0].position, found[0].kind) == ("seals", 2, "seal")


def test_of_several_alterations_the_earliest_comes_first() -> None:
    found = tamper(
        "update audit_fact set name = 'x' where (stream, position) in (('case:a', 4), ('case:b', 1))",
    )
    assert [(f.stream, f.position) for f in found] == [("case:b", 1), ("case:a", 4)]


def test_a_seal_never_covers_what_may_still_be_uncommitted() -> None:
    record("cases.reviewed", actor=ANONYMOUS, subject="case:c")
    before = Seal.objects.count()
    made = seal()
    assert made is None or made.facts == 0
    assert Seal.objects.count() - before <= 1
    assert queries.verify() == []


def test_roots_are_public(client) -> None:
    page = client.get("/audit/roots/")
    assert Seal.objects.first().root in page.content.decode()
    published = client.get("/audit/roots.json").json()
    assert [seal["number"] for seal in published["seals"]] == [1, 2]
    assert len(published["keys"]) == 1
