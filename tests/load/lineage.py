"""The lineage of a city's catalogue: five hundred resources of twenty columns each, every one gathered, beside the bare rows of it.

Asked as it is (kept in this process), and after a change each time, when it is built anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType

from django.db import connection, transaction

from tests.load.figures import Figure, in_rounds, median_and_worst
from tongban.data.catalogue.models import DataItem, Entry, Version
from tongban.data.gathering.models import Job, Source
from tongban.data.lake.models import Dataset
from tongban.data.lineage.queries import assets, impact, look
from tongban.data.lineage.queries.graph import built_graph
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.organisations.tests.factories import make_department

RESOURCES, COLUMNS = 500, 20
ASKED_MS, BUILT_MS, BUILT_RATIO = 50.0, 500.0, 10.0  # a page; after a change; and that beside its bare rows
STEWARD = Actor(
    kind="staff", account_id=uuid7(), grants=MappingProxyType({"lineage.see": Scope.ALL}), department_id=uuid7()
)
TABLES = ("catalogue_entry", "catalogue_version", "catalogue_dataitem", "gathering_job", "lake_dataset")


def measure() -> list[Figure]:
    """In a transaction that is undone: nothing of it stays."""
    with transaction.atomic():
        column, dataset = _fill()
        with connection.cursor() as cursor:
            cursor.execute("analyze " + ", ".join(TABLES))  # fresh tables have no statistics; a city's have

        def bare() -> None:
            with connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"select * from {table}")
                    cursor.fetchall()

        works = {
            "picture": lambda: look(STEWARD, f"dataset:{dataset}"),
            "impact": lambda: impact(STEWARD, column),
            "assets": lambda: assets(STEWARD),
            "graph": built_graph,
            "bare": bare,
        }
        found = in_rounds(works, rounds=3, times=3, warm=1)
        felt = len(impact(STEWARD, column)[1])
        transaction.set_rollback(True)
    note = f"{RESOURCES} resources and datasets, {RESOURCES * COLUMNS:,} columns, as many data items"
    ratio = min(a.processor / b.processor for a, b in zip(found["graph"], found["bare"], strict=True))
    return [
        *median_and_worst("picture around one dataset", found["picture"], ASKED_MS, note),
        *median_and_worst("who feels a column's change", found["impact"], ASKED_MS, f"{felt} things"),
        *median_and_worst("all assets of the city", found["assets"], BUILT_MS, f"{RESOURCES} datasets, who reads each"),
        *median_and_worst("the whole graph, built anew after a change", found["graph"], BUILT_MS, note),
        Figure("its bare rows read by psycopg, p50", sorted(one.wall for one in found["bare"])[1], "ms"),
        Figure("building it to reading its bare rows, ratio of processor time", round(ratio, 2), "", BUILT_RATIO),
    ]


def _fill() -> tuple[str, str]:
    """A column of a source, and the dataset it becomes one of."""
    at, office = now(), make_department("血缘压测局")
    shared: Mapping[str, object] = {"department_id": office.pk, "made_at": at}
    source = Source.objects.create(title="压测库", kind="files", place={}, **shared)
    entries, versions, items, datasets, jobs = [], [], [], [], []
    for number in range(RESOURCES):
        entry = Entry(
            kind="resource",
            code=f"B{number:05d}/{number}",
            name=f"压测资源{number}",
            life=Entry.Life.PUBLISHED,
            **shared,
        )
        version = Version(entry=entry, number=1, status="published", content={"carriers": ["TABLE"]}, made_at=at)
        entry.published = version
        own = [
            DataItem(resource=entry, key=f"k{n}", position=n, name=f"列{n}", english=f"c{n}", type="C", data_class="general",
                     grade="2", nullable=True, is_key=n == 0, lead=office)
            for n in range(COLUMNS)
        ]  # fmt: skip
        columns = [
            {"name": f"c{n}", "source": f"列{n}", "kind": "text", "title": f"列{n}", "item": str(one.pk)}
            for n, one in enumerate(own)
        ]
        dataset = Dataset(
            key=f"bench_{number}", title=f"压测数据集{number}", keys=["c0"], resource_id=entry.pk,
            columns=[{"name": one["name"], "kind": "text"} for one in columns], **shared,
        )  # fmt: skip
        jobs.append(
            Job(source=source, dataset_id=dataset.pk, resource_id=entry.pk, title=f"压测归集{number}", table=f"t{number}", columns=columns,
                keys=["c0"], shape={one["source"]: "text" for one in columns}, starts_at=time(1), **shared)
        )  # fmt: skip
        entries.append(entry), versions.append(version), items.extend(own), datasets.append(dataset)
    published = {entry.pk: entry.published for entry in entries}
    for entry in entries:
        entry.published = None
        entry.life = Entry.Life.MADE
    Entry.objects.bulk_create(entries)
    Version.objects.bulk_create(versions)
    for entry in entries:
        entry.published, entry.life = published[entry.pk], Entry.Life.PUBLISHED
    Entry.objects.bulk_update(entries, ["published", "life"])
    DataItem.objects.bulk_create(items, batch_size=2000)
    Dataset.objects.bulk_create(datasets)
    Job.objects.bulk_create(jobs)
    return f"column:{source.pk}:t7:列7", str(datasets[7].pk)
