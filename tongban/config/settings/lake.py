"""Where the lake lies and how much of the machine it may take."""

import os

from .storage import MEDIA_ROOT

# Beside the other files, so that whatever keeps those safe keeps the lake safe; its catalogue is a schema of our database.
LAKE_ROOT = os.environ.get("TONGBAN_LAKE_ROOT", str(MEDIA_ROOT / "lake"))
LAKE_SCHEMA = "lake"
LAKE_MEMORY = os.environ.get("TONGBAN_LAKE_MEMORY", "2GB")  # then it goes on in a file
# What works batches out: duckdb, on this machine, or spark, where there is a cluster that sees LAKE_ROOT under the same name.
LAKE_ENGINE = os.environ.get("TONGBAN_LAKE_ENGINE", "duckdb")
SPARK = {"spark.master": os.environ.get("TONGBAN_SPARK_MASTER", "local[*]")}  # beside Spark's own spark-defaults.conf
LAKE_THREADS = int(os.environ.get("TONGBAN_LAKE_THREADS", os.cpu_count() or 1))
