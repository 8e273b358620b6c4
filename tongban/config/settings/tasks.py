"""Background work: procrastinate on the same PostgreSQL (docs/operations.md)."""

import os

from tongban.config.reactions import REACTIONS as REACTIONS

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
# How many jobs one worker process runs side by side.
WORKER_CONCURRENCY = int(os.environ.get("TONGBAN_WORKER_CONCURRENCY", "4"))
