"""Sending, outside the transaction that decided to tell."""

from __future__ import annotations

from uuid import UUID

from tongban.foundation.tasks.actions import task

from .actions import send_out


@task("notifications.send_out")
def send(dispatch_id: str) -> None:
    send_out(UUID(dispatch_id))
