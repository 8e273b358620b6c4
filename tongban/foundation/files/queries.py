"""Reading files: only for those who may, and what others need to show a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.lookup import find

from .errors import DataKeyMissing, FileDamaged, NoSuchFile
from .models import StoredFile
from .rules import PICTURES, kind_of_media


def path_of(sha256: str, folder: str = "content") -> str:
    """Where the storage keeps a content."""
    return f"{folder}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def visible_to(actor: Actor) -> QuerySet[StoredFile]:
    """The files this actor may see: those he brought, those of his own things, those his department has before it."""
    rows = StoredFile.objects.select_related("content")
    scope = actor.scope("files.see")
    if scope is Scope.ALL:
        return rows
    own = [owner for owner in (actor.person_id, actor.company_id) if owner]
    seen = Q(stored_by=actor.account_id) if actor.account_id else Q(pk=None)
    if scope is not None and actor.kind in ("person", "company"):
        seen |= Q(attachments__owner_id__in=own if actor.kind == "person" else [actor.company_id])
    if scope is not None and scope >= Scope.DEPARTMENT and actor.department_id:
        seen |= Q(attachments__department_ids__contains=[actor.department_id])
    return rows.filter(seen).distinct()


def file_for(actor: Actor, file_id: UUID | str) -> StoredFile:
    """One file, if this actor may see it; else it is not there."""
    try:
        return visible_to(actor).get(pk=file_id)
    except (StoredFile.DoesNotExist, ValidationError, ValueError):
        raise NoSuchFile from None


def stored(file_id: UUID | str) -> StoredFile:
    """One file, for a caller who has made sure by other means that it may be used."""
    return find(StoredFile.objects.select_related("content"), pk=file_id)


def seen_by(actor: Actor, ids: Iterable[UUID | str]) -> set[str]:
    """Of these files, the ids of those this actor may see."""
    valid = {parsed for file_id in ids if (parsed := _uuid(file_id))}
    return {str(pk) for pk in visible_to(actor).filter(pk__in=valid).values_list("pk", flat=True)} if valid else set()


def files_of(actor: Actor, subject: str) -> list[StoredFile]:
    """The files that hang on a subject and that this actor may see."""
    return list(visible_to(actor).filter(attachments__subject=subject).order_by("stored_at"))


def described(ids: Iterable[UUID | str]) -> dict[str, dict[str, Any]]:
    """Name, size and addresses by id, for showing on a page whose reader may see the thing they hang on. No content."""
    valid = {parsed for file_id in ids if (parsed := _uuid(file_id))}
    rows = StoredFile.objects.select_related("content").filter(pk__in=valid) if valid else []
    return {str(row.pk): describe(row) for row in rows}


def _uuid(value: Any) -> UUID | None:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None


def describe(row: StoredFile) -> dict[str, Any]:
    """A file as pages and the API show it."""
    kind = kind_of_media(row.media_type)
    return {
        "id": str(row.pk),
        "name": row.name,
        "size": row.size,
        "size_words": size_in_words(row.size),
        "media_type": row.media_type,
        "pages": row.pages,
        "sha256": row.sha256,
        "url": f"/files/{row.pk}/",
        "preview": f"/files/{row.pk}/preview" if kind and kind.name in PICTURES else "",
        "stored_at": row.stored_at,
    }


def size_in_words(size: int) -> str:
    """`312 KB`, `1.4 MB`."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def content_of(row: StoredFile) -> bytes:
    """The bytes of a file one has been given by `file_for`."""
    with default_storage.open(path_of(row.sha256)) as stream:
        return bytes(stream.read())


def digests_of(ids: Iterable[UUID | str], *, anew: bool = False) -> dict[str, str]:
    """SM3 by id; with `anew`, of the bytes as they lie in the store now: a word that is no digest for what is damaged there, and what
    cannot be read is left out. One query."""
    valid = {parsed for file_id in ids if (parsed := _uuid(file_id))}
    rows = StoredFile.objects.select_related("content").filter(pk__in=valid) if valid else []
    if not anew:
        return {str(row.pk): row.sm3 for row in rows}
    return {str(row.pk): digest for row in rows if (digest := _digest_now(row))}


def _digest_now(row: StoredFile) -> str:
    try:
        return sm3(content_of(row))
    except FileDamaged:
        return "damaged"
    except (OSError, DataKeyMissing):
        return ""


def is_own(actor: Actor, row: StoredFile) -> bool:
    """Whether the actor brought it himself or it belongs to whom he acts for; reading it is then no fact worth recording."""
    if row.stored_by and row.stored_by == actor.account_id:
        return True
    owners = {attachment.owner_id for attachment in row.attachments.all()} - {None}
    return bool(owners & {actor.person_id, actor.company_id})
