"""From a value of a base register, one click back: rule, batch, source row, file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from tongban.data.lake.tests.factories import own_lake
from tongban.data.lineage.actions import trace_value
from tongban.data.registries import actions as registries
from tongban.data.registries.models import Conflict, Record, Register
from tongban.data.registries.tests.lake import KEEPER, WHO, filled
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Record]:
    with own_lake(tmp_path / "lake"):
        filled()
        registries.build_now(actor=KEEPER, register="population")
        yield Record.objects.get(key_index=blind_index(WHO))


def test_a_value_is_followed_to_rule_batch_and_row_and_so_is_what_lost(known: Record) -> None:
    story = trace_value(actor=officer("data_admin"), record_id=known.pk, element="name")
    assert (story.title, story.by, story.ruling.version, story.decided) == ("姓名", "order", 1, False)
    told = [(one.dataset.key, one.rank, one.batch, one.row) for one in story.places]
    assert told == [("police", 1, 1, 1), ("insurance", 2, 1, 1), ("market", 3, 1, 1)]
    assert [(value.source, value.steps[1:]) for value in story.stands.values] == [("name", ["读作文字"])]
    assert Fact.objects.filter(name="lineage.value_traced").count() == 1
    assert Fact.objects.filter(name="lineage.row_traced").count() == 3
    address = trace_value(actor=officer("data_admin"), record_id=known.pk, element="address")
    assert [value.source for value in address.stands.values] == ["street", "house"], "a value of two parts"


def test_a_stewards_word_is_told(known: Record) -> None:
    one = Conflict.objects.get()
    registries.decide_conflict(actor=KEEPER, conflict_id=one.pk, digest=one.digest, choice=1, reason="看过户口簿")
    story = trace_value(actor=officer("data_admin"), record_id=known.pk, element="name")
    assert (story.decided, story.stands.dataset.key, story.stands.rank) == (True, "insurance", 2)


def test_rows_of_other_departments_are_named_and_not_shown(known: Record) -> None:
    keeper = officer("data_steward", department=Register.objects.get().department)
    story = trace_value(actor=keeper, record_id=known.pk, element="name")
    assert [(one.trace is not None, bool(one.values)) for one in story.places] == [
        (True, True),
        (False, False),
        (False, False),
    ]
    with pytest.raises(NotAllowed):
        trace_value(actor=officer("data_steward"), record_id=known.pk, element="name")
    with pytest.raises(NotAllowed):
        trace_value(actor=officer("clerk"), record_id=known.pk, element="name")


def test_what_is_not_there_is_not_found(known: Record) -> None:
    admin = officer("data_admin")
    for record_id, element in ((known.pk, "none"), (uuid7(), "name")):
        with pytest.raises(NotFound):
            trace_value(actor=admin, record_id=record_id, element=element)


def test_the_pages(client: Client, known: Record) -> None:
    desk = sign_in(client, officer("data_admin"))
    record = desk.get(f"/console/registers/records/{known.pk}/").content.decode()
    where = f"/console/lineage/records/{known.pk}/name/"
    assert where in record, "one click"
    page = desk.get(where)
    told = page.content.decode()
    assert page["Cache-Control"] == "no-store"
    for words in (
        "一数一源规则第1版",
        "第1个来源",
        "第1批",
        "第1行",
        "part-000001.parquet",
        "没有采用的",
        "区人社局 · 参保库",
    ):
        assert words in told
    assert WHO not in told
