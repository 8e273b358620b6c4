"""A task for the crash test: it sleeps in one worker and is quick in the next."""

import os
import time

from tongban.config import worker as worker
from tongban.foundation.tasks.actions import task


@task("tests.sleep")
def sleep() -> None:
    time.sleep(0 if os.environ.get("AWAKE") else 60)
