"""Stored files as the form shows them."""

from __future__ import annotations

from typing import Any


def stored_file(file_id: str) -> dict[str, Any] | None:
    """Name, size and addresses of a stored file; None when there is no such file."""
    return {"id": file_id, "name": file_id, "url": f"/files/{file_id}/"} if file_id else None
