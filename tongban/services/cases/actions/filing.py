"""Stored files as this room needs them: one's own to hand in, then open to the department that handles the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.kernel.errors import NotFound

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def own_file(actor: Actor, file_id: UUID | str | None) -> Any:
    """A stored file the actor may use, or `NotFound`."""
    raise NotFound


def open_to_department(file_ids: list[UUID], subject: str, owner_id: UUID | None, department_id: UUID) -> None:
    """From now on the department that handles the case may open these files."""
