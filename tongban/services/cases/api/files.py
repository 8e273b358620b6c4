"""Files to hand in as materials."""

from __future__ import annotations

import hashlib
from io import BufferedIOBase
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from tongban.foundation.files.actions import store
from tongban.foundation.files.queries import file_for
from tongban.services.cases.actions import once

from .keys import KEY_HEADER, key_of

router = Router(tags=["files"])


class FileOut(Schema):
    """A stored file."""

    id: UUID
    name: str
    size: int
    media_type: str


@router.post("/files", response={201: FileOut}, summary="Upload a file for a material", openapi_extra=KEY_HEADER)
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Looked into, scanned and kept once by its hash; its id goes into the materials of an application."""
    actor = request.auth  # type: ignore[attr-defined]
    digest = hashlib.file_digest(cast("BufferedIOBase", file.file), "sha256").hexdigest()
    file.seek(0)
    stored = once(actor, key_of(request), ["file", file.name, digest], lambda: store(actor=actor, upload=file).pk)
    row = file_for(actor, stored)
    return Status(201, {"id": row.pk, "name": row.name, "size": row.content.size, "media_type": row.content.media_type})
