"""The graph is kept, and never stale: whatever is written into a table it is made from, the next to ask is answered anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tongban.data.catalogue.models import DataItem, Entry, ItemResult
from tongban.data.gathering.models import Job, Source
from tongban.data.lake.models import Dataset
from tongban.data.lake.tests.factories import own_lake
from tongban.data.lineage.actions import hear_of_readings
from tongban.data.lineage.gateways import mark_of
from tongban.data.lineage.models import Reading
from tongban.data.lineage.queries import impact, look, whole_graph
from tongban.data.lineage.queries.graph import SOURCES, built_graph
from tongban.data.registries.models import Register, Ruling
from tongban.data.registries.tests.lake import CONTENT
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.grades import INTERNAL
from tongban.foundation.organisations.models import Department

from .factories import make_gathered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def job(tmp_path: Path, settings: Any) -> Iterator[Job]:
    settings.GATHERING_ROOT, settings.GATHERING_INSIDE = str(tmp_path / "inbox"), True
    with own_lake(tmp_path / "lake"):
        steward = officer("data_steward", clearance=INTERNAL)
        made, _run, entry = make_gathered(steward, tmp_path / "inbox")
        ItemResult.objects.create(item_code="card", item_name="办卡", result="卡", department_id=steward.department_id)
        reading = {"field": "name", "label": "姓名", "register": "population", "element": "name"}
        assert steward.department_id
        hear_of_readings(item_code="card", item_name="办卡", department_id=steward.department_id, readings=[reading])
        register = Register.objects.create(
            code="population", title="人口库", personal=True, department=entry.department, made_at=now()
        )
        Ruling.objects.create(register=register, version=1, status="published", effective_on=today(), content=CONTENT)
        yield made


def test_it_is_built_once_and_asked_for_with_one_query(django_assert_num_queries: Any) -> None:
    graph = whole_graph()
    with django_assert_num_queries(1):
        assert whole_graph() is graph


def _changed_item() -> None:
    item = DataItem.objects.all()[0]
    item.name = "换了名"
    item.save()


CHANGES: dict[str, Callable[[], Any]] = {
    "a department is renamed": lambda: Department.objects.update(short_name=Concat("short_name", Value("改"))),
    "an entry's grade": lambda: Entry.objects.update(grade="4"),
    "a data item's name": _changed_item,
    "data items gone": lambda: DataItem.objects.update(is_present=False),
    "what an item gives out, gone": lambda: ItemResult.objects.all().delete(),
    "a source's title": lambda: Source.objects.update(title="另一个库"),
    "a mapping": lambda: Job.objects.update(keys=["xm"]),
    "a dataset's title": lambda: Dataset.objects.update(title="另一个数据集"),
    "a register's title": lambda: Register.objects.update(title="另一个库"),
    "a rule of one source": lambda: Ruling.objects.update(content={**CONTENT, "elements": CONTENT["elements"][:1]}),
    "a field no longer filled": lambda: Reading.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_after_any_change_it_is_told_as_it_would_be_built_anew(change: Callable[[], Any]) -> None:
    before = whole_graph()
    change()
    after = whole_graph()
    assert after is not before
    assert after == built_graph()
    assert after != before


def test_a_change_that_is_taken_back_is_not_told() -> None:
    before = whole_graph()
    with transaction.atomic():
        Dataset.objects.update(title="不会发生")
        assert "不会发生" in {node.name for node in whole_graph().nodes.values()}
        transaction.set_rollback(True)
    assert whole_graph() == before


def test_what_is_changed_there_and_back_is_noticed_each_time() -> None:
    marks = [mark_of(SOURCES)]
    for title in ("甲", "乙", "甲"):
        Dataset.objects.update(title=title)
        marks.append(mark_of(SOURCES))
    assert len(set(marks)) == len(marks)


def test_every_table_that_it_is_made_from_is_looked_at() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        built_graph()
    read = {table for one in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', one["sql"])}
    assert read == set(SOURCES)


def test_it_is_kept_in_each_language_and_on_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = whole_graph()
    with translation.override("en"):
        english = whole_graph()
        assert english is not chinese
        assert whole_graph() is english
    assert whole_graph() is chinese
    monkeypatch.setattr("tongban.data.lineage.queries.graph.today", lambda: today().replace(year=2099))
    assert whole_graph() is not chinese, "rules of one source begin and end by their days"


def test_nobody_who_looks_changes_it(job: Job) -> None:
    admin = officer("data_admin")
    graph = whole_graph()
    look(admin, f"dataset:{job.dataset_id}")
    impact(admin, f"dataset:{job.dataset_id}")
    assert whole_graph() is graph
    assert graph == built_graph()
