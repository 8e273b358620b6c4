"""The background worker: `python -m tongban.config.worker`. Any number of them may run, on any number of machines."""

from __future__ import annotations

import asyncio
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402

from tongban.config.heartbeat import beat_in_the_loop  # noqa: E402
from tongban.config.integrity import altered  # noqa: E402
from tongban.config.production import refuse_if_unfit  # noqa: E402
from tongban.foundation.tasks.actions import requeue_stalled_jobs  # noqa: E402
from tongban.office.threats.actions import check_house  # noqa: E402


async def work() -> None:
    """Take up what an earlier worker left behind, then listen to every queue until told to stop."""
    await sync_to_async(requeue_stalled_jobs)()
    await sync_to_async(check_house)(altered=altered())
    heart = asyncio.create_task(beat_in_the_loop("worker"))
    with app.replace_connector(app.connector.get_worker_connector()) as listening:  # type: ignore[attr-defined]
        async with listening.open_async():
            await listening.run_worker_async(
                concurrency=settings.WORKER_CONCURRENCY,
                shutdown_graceful_timeout=20,
                install_signal_handlers=True,
            )
    heart.cancel()


if __name__ == "__main__":
    refuse_if_unfit()
    asyncio.run(work())
