"""Spark, where there is a cluster: it works a batch out by the same pass and hands the result over as Parquet. Chosen by setting."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.conf import settings

from tongban.data.lake.errors import BatchBroken, LakeAway, NoRoom
from tongban.data.lake.rules import Part, Pass, judged
from tongban.foundation.kernel.durable import SAID_FULL
from tongban.foundation.kernel.quoting import literal

# One meaning on both engines: moments are UTC, a value that cannot be read is none, days before 1582 are counted as DuckDB counts them.
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.codegen.wholeStage": "false",  # a pass is longer than one method of Java may be
    "spark.driver.extraJavaOptions": "-Xss8m",  # and deep
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@contextmanager
def worked_out(
    work: Pass, keys: Sequence[str], parts: Sequence[Part], lacking: Sequence[str], folder: Path
) -> Iterator[str]:
    """What selects the finished rows that Spark has written into `folder`, which the cluster must see as well; gone afterwards.

    Raises `LakeAway` where Spark is absent or does not answer, `NoRoom` where a disk is full, `BatchBroken` where there is no word for it.
    """
    portable = importlib.import_module("tongban.data.lake.rules.portable")
    running = session()
    try:
        _rows_of(running, parts, lacking).createOrReplaceTempView("raw")
        statement = portable.spark_sql(judged(work, keys, "raw"))
        running.sql(statement).write.mode("overwrite").parquet(str(folder))
        yield f"from read_parquet({literal(f'{folder}/*.parquet')})"
    except portable.Untranslatable as fault:
        raise BatchBroken(said=f"Spark: {fault}") from None
    except _faults() as fault:
        if any(word in str(fault) for word in SAID_FULL):
            raise NoRoom from None
        raise LakeAway(said=type(fault).__name__) from None
    finally:
        rmtree(folder, ignore_errors=True)


def session() -> Any:
    """One a process: starting it takes some ten seconds."""
    try:
        builder = importlib.import_module("pyspark.sql").SparkSession.builder.appName("tongban")
    except ImportError:
        raise LakeAway(said="pyspark is not installed (requirements-spark.txt)") from None
    own = {name: str(Path(settings.LAKE_ROOT) / "spill") for name in ("spark.local.dir", "spark.sql.warehouse.dir")}
    for name, value in {**own, **MEANING, **settings.SPARK}.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as fault:  # Java is absent, the cluster away: whatever kind py4j makes of it
        raise LakeAway(said=type(fault).__name__) from None


def _faults() -> tuple[type[Exception], ...]:
    return (
        importlib.import_module("pyspark.errors").PySparkException,
        importlib.import_module("py4j.protocol").Py4JError,
    )


def _rows_of(session: Any, parts: Sequence[Part], lacking: Sequence[str]) -> Any:
    """The rows of the parts with `_row`, as `rules.raw` names them for DuckDB."""
    rows: Any = None
    for part in parts:
        found = session.read.parquet(part.path)
        found = found if part.numbered else found.selectExpr("*", f"_metadata.row_index + {int(part.first)} as _row")
        rows = found if rows is None else rows.unionByName(found, allowMissingColumns=True)
    return rows.selectExpr("*", *(f"cast(null as string) as `{name}`" for name in lacking))
