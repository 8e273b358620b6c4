"""Telling whoever wrote something what became of it, and whoever reviews that something awaits him."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from tongban.foundation.audit.actions import stream_of

from .sending import notify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tongban.foundation.kernel.actors import Actor


def tell_writer(
    outcome: str,
    *,
    actor: Actor,
    writers: Iterable[UUID | str | None],
    what: str,
    title: str,
    subject: models.Model,
    link: str,
    why: str = "",
    day: date | None = None,
) -> None:
    """A message in the site to everybody who wrote in it, but to him who acts. `what` is the kind of thing (事项, 文书 …).

    `outcome`: published or withdrawn (from `day`), returned (`why` to be mended), refused (`why`; it is over).
    """
    words = {
        "what": what,
        "title": title,
        "who": actor.name,
        "why": why,
        "from": f"{day.year}年{day.month}月{day.day}日" if day else "",
    }
    for account_id in sorted({UUID(str(one)) for one in writers if one} - actor.names):
        notify(
            account_id=account_id,
            template=f"staff.work_{outcome}",
            data=words,
            subject=stream_of(subject),
            link=link,
        )


def tell_reviewers(
    *, reviewers: Iterable[UUID], who: str, what: str, title: str, deed: str, subject: models.Model, link: str
) -> None:
    """A message in the site to everybody who may take the next step. `deed`: what he is to do (核对签发, 答复 …), `who` sent it."""
    words = {"what": what, "title": title, "who": who, "deed": deed}
    for account_id in sorted(reviewers):
        notify(account_id=account_id, template="staff.work_waiting", data=words, subject=stream_of(subject), link=link)
