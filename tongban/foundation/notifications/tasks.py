"""Sending, outside the transaction that decided to tell."""

from __future__ import annotations

from uuid import UUID

from tongban.foundation.tasks.actions import task

from .actions import send_code, send_out, tell_password_changed, tell_phone_changed


@task("notifications.send_out")
def send(dispatch_id: str) -> None:
    send_out(UUID(dispatch_id))


@task("notifications.send_code")
def code(subject: str, **_fact: str) -> None:
    send_code(UUID(subject.partition(":")[2]))


@task("notifications.tell_password_changed")
def password_changed(subject: str, fact_id: str) -> None:
    tell_password_changed(UUID(subject.partition(":")[2]), fact_id=fact_id)


@task("notifications.tell_phone_changed")
def phone_changed(subject: str, **_fact: str) -> None:
    tell_phone_changed(UUID(subject.partition(":")[2]))
