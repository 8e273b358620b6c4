"""One job on both engines, compared row for row: what DuckDB makes of a batch is what Spark makes of it, reasons and all."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import override_settings

from tongban.data.lake import actions, queries
from tongban.data.lake.gateways import spark
from tongban.data.lake.models import Batch
from tongban.data.lake.rules import KINDS, OF_ROWS, STEPS
from tongban.data.lake.rules.patterns import NotAlike, java
from tongban.data.lake.rules.portable import Untranslatable, spark_sql
from tongban.foundation.kernel.checked import GOOD
from tongban.foundation.kernel.quoting import literal

from .factories import HAND, make_dataset, own_lake
from .nasty import GUARDS, ROWS, SAID, WORK, persons, said

DEBIANS = Path("/usr/lib/jvm/default-java")  # whatever other Java comes first on the path
HERE = importlib.util.find_spec("pyspark") is not None and (DEBIANS.exists() or shutil.which("java") is not None)
SMALL = {
    "spark.master": "local[1]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "600m",
    "spark.driver.extraJavaOptions": "-Xss8m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # for so few rows half the work
    "spark.sql.shuffle.partitions": "1",
}


def gathered(key: str) -> Iterator[list[Any]]:
    """A whole reading in two parts, a batch of what changed, then that replayed by a work that reads one column more; all of each."""
    columns = [{"name": one["name"], "kind": one.get("kind", "text")} for one in WORK["columns"]]
    dataset = make_dataset(key=key, columns=[*columns, {"name": "late", "kind": "text"}])
    actions.set_guards(actor=HAND, dataset_id=dataset.pk, guards=GUARDS)
    for salt, whole in ((1, True), (2, False)):
        batch = actions.begin_batch(actor=HAND, dataset_id=dataset.pk, whole=whole)
        for number in (1, 2):
            actions.land_part(
                actor=HAND, batch_id=batch.pk, number=number, write=persons(salt + number, ROWS // number)
            )
        actions.seal_batch(actor=HAND, batch_id=batch.pk)
        yield told(actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK))
    later = {**WORK, "columns": [*WORK["columns"], {"name": "late", "source": "wd"}], "newest": ""}
    replayed = actions.replay(actor=HAND, dataset_id=dataset.pk, since=2, work=later, reason="示例")
    for batch in replayed.batches.order_by("number"):
        yield told(batch)


def told(batch: Batch) -> list[Any]:
    """All that came of it, in the order of the rows; values as texts, for what is no number is not equal to itself."""
    kept = queries.rows(actor=HAND, dataset_id=batch.dataset_id)
    aside = queries.quarantined(actor=HAND, batch_id=batch.pk)
    rows = sorted([*kept, *aside], key=lambda row: (row.get("_batch", 0), row["_row"]))
    return [batch.counts, *({name: str(value) for name, value in row.items()} for row in rows)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Spark of one thread, kept for the tests of this file and stopped after them."""
    if not HERE:
        pytest.skip("Spark or Java is absent (make setup-tests)")
    with pytest.MonkeyPatch.context() as patched:
        if DEBIANS.exists():
            patched.setitem(os.environ, "JAVA_HOME", str(DEBIANS))
        with override_settings(SPARK=SMALL):
            session = spark.session()
            yield session
            session.stop()


def both(cluster: Any, asked: str, texts: list[str | None]) -> tuple[list[Any], list[Any]]:
    """What `asked` comes to on DuckDB, and on Spark, of a table `raw` with `v`, the texts."""
    rows = ", ".join(f"({place}, {said(text)})" for place, text in enumerate(texts))
    with duckdb.connect() as duck:
        duck.execute("set TimeZone = 'UTC'")
        duck.execute(f"create table raw as from (values {rows}) as t(place, v)")
        here = [one for (one,) in duck.execute(f"{asked} order by place").fetchall()]
    cluster.createDataFrame(list(enumerate(texts)), "place int, v string").createOrReplaceTempView("raw")
    return here, [row.found for row in cluster.sql(spark_sql(f"{asked} order by place")).collect()]


@pytest.mark.django_db
def test_one_job_is_the_same_on_duckdb_and_on_spark(cluster: Any, tmp_path: Path, settings: Any) -> None:
    with own_lake(tmp_path):
        here = list(gathered("on_duckdb"))
        settings.LAKE_ENGINE = "spark"
        there = list(gathered("on_spark"))
        assert not list((tmp_path / "spark").iterdir()), "nothing of it is left"
    first, second, *_replayed = (batch[0] for batch in here)
    assert first["read"] == ROWS * 3 // 2
    assert min(first[name] for name in ("kept", "quarantined", "superseded", "inserted")) > 0, "each fate is tried"
    assert min(second[name] for name in ("updated", "quarantined")) > 0
    for mine, theirs in zip(here, there, strict=True):
        for row, other in zip(mine, theirs, strict=True):
            assert row == other


def test_the_job_tries_all_there_is() -> None:
    columns = WORK["columns"]
    assert {one.get("kind", "text") for one in columns} == set(KINDS)
    assert {step["do"] for one in columns for step in one.get("steps", ())} == set(STEPS)
    assert {one.get("check", "") for one in columns} == set(GOOD)
    assert {one["kind"] for one in GUARDS.values()} == set(OF_ROWS)


def test_what_is_no_number_is_the_same_whatever_its_sign(cluster: Any) -> None:
    """Spark keeps no sign of it: a row is not changed by that, for DuckDB takes the two for equal."""
    with duckdb.connect() as duck:
        assert duck.execute("select '-nan'::double is not distinct from 'nan'::double").fetchone() == (True,)
    here, there = both(cluster, "select try_cast(v as double) as found from raw", ["nan", "-nan", "+NaN"])
    assert [str(one) for one in here] == [str(one) for one in there] == ["nan"] * 3


@pytest.mark.parametrize("kind", ["number", "moment", "decimal", "date", "integer", "yes_no"])
def test_finished_values_are_written_alike(cluster: Any, kind: str) -> None:
    """Rules of form, length and codes look at a value as text."""
    values = {
        "number": [
            *SAID["f"],
            "100000000000000000000",
            "1234567890123456",
            "12345678901234567",
            "2.5e-5",
            "1.5e308",
        ]
    }
    values |= {
        "moment": [*SAID["m"], "2001-01-05 01:02:03.120"],
        "date": [*SAID["d"], "0079-01-01"],
        "yes_no": ["true", "false", "x"],
    }
    read = f"select place, try_cast(v as {KINDS[kind]}) as v from raw"
    asked = f"select cast(v as varchar) as found from ({read}) as finished"
    here, there = both(cluster, asked, values.get(kind, SAID["dec"]))
    assert there == [one and one.replace("-nan", "nan") for one in here]


PATTERNS = [
    "a.b", "a$", "^a|b$", r"\bab\b", r"\s+", r"\S", "[[:alpha:]]+", "[^[:digit:]x]+", r"\p{Han}+", r"[\p{Han}a]+", r"\P{Han}+", r"\w+",
    "[]a]+", "[^]a]+", "(?i)AB", "(?P<x>a)(?:b)", "(?s)a.b", r"[a[]+", r"\x{4E2D}.*", r"\d{2,3}", r"a\.b", r"[\s中]+", r"\pN+", "",
]  # fmt: skip
TEXTS = [
    "",
    "a",
    "ab",
    "a\nb",
    "a\rb",
    "a\n",
    "中文",
    "中a",
    "中é",
    "12",
    "１２",
    "a.b",
    "\x0b",
    " ",
    "\u3000",
    "é",
    "]",
    "[a",
    "𠮷",
    "b",
    "x1",
    "a\u2028b",
    "AB",
]


def test_patterns_are_read_alike(cluster: Any) -> None:
    found = ", ".join(f"regexp_full_match(v, {literal(pattern)})" for pattern in PATTERNS)
    here, there = both(cluster, f"select [{found}] as found from raw", [*TEXTS])
    for text, mine, theirs in zip(TEXTS, here, there, strict=True):
        for pattern, one, other in zip(PATTERNS, mine, theirs, strict=True):
            assert (text, pattern, one) == (text, pattern, other)


@pytest.mark.parametrize("pattern", [r"[a&&b]", r"\Qa\E", "(?m)^a$", r"a\B", r"[\S]", "(?U)a+"])
def test_a_pattern_that_would_be_read_otherwise_is_refused(pattern: str) -> None:
    with pytest.raises(NotAlike):
        java(pattern)


def test_what_spark_has_no_word_for_is_refused_and_not_guessed() -> None:
    with pytest.raises(Untranslatable) as told:
        spark_sql("select jaro_winkler_similarity(a, b) as near, levenshtein2(a) as far from raw")
    assert "levenshtein2" in told.value.names
