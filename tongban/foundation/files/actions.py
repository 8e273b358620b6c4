"""Taking files in, hanging them on things, reading another's, clearing away what hangs on nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotSignedIn, Reason

from .errors import DataKeyMissing, FileDamaged, FileRefused
from .gateways.scanner import Verdict, scanner
from .gateways.store import PART, the_store
from .models import Attachment, Content, StoredFile
from .queries import content_of, file_for, is_own, path_of
from .rules import Inspection, inspect, thumbnail, tidy_name

SENTENCES: dict[str, Any] = {
    "empty": _("“%(name)s”是空文件，里面没有内容，请检查后重新选择。"),
    "too_big": _("“%(name)s”超过了%(most)s MB。请压缩图片、降低扫描分辨率，或拆成几份再上传。"),
    "not_allowed": _("“%(name)s”的类型不能上传。可以上传：PDF、JPG、PNG、WEBP、DOCX、XLSX、OFD、TXT。"),
    "not_what_it_says": _("“%(name)s”的内容不是%(extension)s文件，可能已损坏或被改过后缀，请用原来的程序重新保存。"),
    "renamed": _("“%(name)s”的后缀是%(extension)s，内容却是%(kind)s。请改回正确的后缀，或重新导出。"),
    "old_office": _("“%(name)s”是旧版 Office 文件，请另存为 DOCX、XLSX 或 PDF 后再上传。"),
    "encrypted": _("“%(name)s”设了打开密码，工作人员看不到内容，请去掉密码后再上传。"),
    "bomb": _("“%(name)s”展开后大得不正常，不能接收。请重新扫描或导出后再上传。"),
    "broken": _("“%(name)s”打不开，可能没有传完或已损坏，请重新导出后再上传。"),
    "polyglot": _("“%(name)s”后面夹带了别的内容，不能接收，请重新导出后再上传。"),
    "active_content": _("“%(name)s”里带有程序（宏或脚本），不能接收，请打印为 PDF 后再上传。"),
    "entities": _("“%(name)s”里有会自己展开或引用别处文件的内容，不能接收，请打印为 PDF 后再上传。"),
    "no_pages": _("“%(name)s”里一页也没有，请重新导出后再上传。"),
    "too_many_pages": _("“%(name)s”超过500页，请拆成几份再上传。"),
    "infected": _("“%(name)s”里发现了病毒（%(found)s），不能接收。请先在电脑上杀毒。"),
}


def _refusal(name: str, faults: Iterable[tuple[str, dict[str, Any]]]) -> FileRefused:
    return FileRefused(reasons=[Reason(code, SENTENCES[code] % {"name": name, **params}) for code, params in faults])


def store(*, actor: Actor, upload: Any, name: str = "", purpose: str = "material") -> StoredFile:
    """Take a file in: `upload` is bytes or an uploaded file. Looked into, scanned, kept by its hash; raises `FileRefused`.

    It can be seen by who brought it until it is attached to something.
    """
    if not actor.signed_in:
        raise NotSignedIn
    data, name = _read(upload, name)
    seen = inspect(data, name, most_bytes=settings.FILE_MAX_BYTES)
    if seen.faults:
        raise _refusal(seen.name, seen.faults)
    verdict = scanner().scan(data)  # before the transaction: a slow scanner must not hold rows
    if verdict.found:
        raise _refusal(seen.name, [("infected", {"found": verdict.found})])
    return _keep(actor, data, seen, verdict, purpose)


def _read(upload: Any, name: str) -> tuple[bytes, str]:
    if isinstance(upload, bytes):
        return upload, name
    # One byte beyond the limit is enough to refuse; the rest of a huge upload is never read into memory.
    return bytes(upload.read(settings.FILE_MAX_BYTES + 1)), name or str(upload.name or "")


@transaction.atomic
def keep_made(
    *, actor: Actor, data: bytes, name: str, media_type: str, purpose: str, subject: str, owner_id: UUID | None = None
) -> StoredFile:
    """Keep a file the house has made itself, hung on its subject: neither looked into nor scanned, and no limit of size."""
    made = Inspection("", tidy_name(name, name.rpartition(".")[2]), media_type)
    row = _keep(actor, data, made, Verdict("made here"), purpose)
    attach(row.pk, subject, owner_id)
    return row


@transaction.atomic
def _keep(actor: Actor, data: bytes, seen: Inspection, verdict: Verdict, purpose: str) -> StoredFile:
    digest = hashlib.sha256(data).hexdigest()
    scanned = {"scanned_at": now(), "scanned_by": verdict.scanner}
    # update_or_create locks the row, so that `clear_orphans` cannot take it away under our hands.
    content, _new = Content.objects.update_or_create(
        sha256=digest,
        defaults=scanned,
        create_defaults={
            **scanned,
            "sm3": sm3(data),
            "size": len(data),
            "media_type": seen.media_type,
            "pages": seen.pages,
        },
    )
    # What an upload left that was undone after this line is whole, and is the same.
    if not default_storage.exists(path_of(digest)):
        default_storage.save(path_of(digest), ContentFile(data))
    row = StoredFile.objects.create(
        content=content, name=seen.name, purpose=purpose, stored_by=actor.account_id, stored_at=now()
    )
    record("files.stored", actor=actor, subject=f"file:{row.pk}", data={"sha256": digest, "purpose": purpose})
    return row


@transaction.atomic
def attach(
    file_id: UUID | str,
    subject: str,
    owner_id: UUID | None = None,
    department_ids: Iterable[UUID] = (),
    *,
    actor: Actor | None = None,
) -> Attachment:
    """Hang a file on a thing (`case:…`, `draft:…`). With `actor`, only a file he may see can be hung. Safe to repeat."""
    row = file_for(actor, file_id) if actor is not None else StoredFile.objects.get(pk=file_id)
    made, _created = Attachment.objects.update_or_create(
        file=row,
        subject=subject,
        defaults={"owner_id": owner_id, "department_ids": sorted(set(department_ids))},
        create_defaults={"owner_id": owner_id, "department_ids": sorted(set(department_ids)), "attached_at": now()},
    )
    return made


def detach(file_id: UUID | str, subject: str) -> None:
    """Take a file off a thing. The file itself stays until it hangs on nothing for a while."""
    Attachment.objects.filter(file_id=UUID(str(file_id)), subject=subject).delete()


def admit_departments(subject: str, department_ids: Iterable[UUID]) -> None:
    """Let further departments see everything that hangs on a thing (parallel review, transfer)."""
    for attachment in Attachment.objects.filter(subject=subject):
        attachment.department_ids = sorted({*attachment.department_ids, *department_ids})
        attachment.save(update_fields=["department_ids"])


@transaction.atomic
def read(*, actor: Actor, file_id: UUID | str) -> tuple[StoredFile, bytes]:
    """A file and its bytes. Reading another's is a fact."""
    row = file_for(actor, file_id)
    if not is_own(actor, row):
        record("files.read", actor=actor, subject=f"file:{row.pk}", data={"purpose": row.purpose})
    return row, content_of(row)


@transaction.atomic
def preview_of(*, actor: Actor, file_id: UUID | str) -> bytes | None:
    """A small WebP picture of a picture, made once and kept; None for what has none. A preview of another's is a fact, too."""
    row = file_for(actor, file_id)
    if not row.media_type.startswith("image/"):
        return None
    if not is_own(actor, row):
        record("files.read", actor=actor, subject=f"file:{row.pk}", data={"purpose": row.purpose, "preview": True})
    path = path_of(row.sha256, "previews")
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(thumbnail(content_of(row))))
    with default_storage.open(path) as stream:
        return bytes(stream.read())


def clear_orphans() -> int:
    """Delete files that have hung on nothing for `FILE_ORPHAN_DAYS`, and contents no file is left of; how many contents."""
    before = now() - timedelta(days=settings.FILE_ORPHAN_DAYS)
    StoredFile.objects.filter(stored_at__lt=before, attachments=None).delete()
    gone = 0
    for digest in list(Content.objects.filter(files=None).values_list("pk", flat=True)[:10_000]):
        gone += _forget(digest)
    return gone


def clear_unfinished() -> int:
    """Delete what uploads that were killed left half written a day ago or longer, in a store that is a folder; how many files."""
    try:
        folder = Path(default_storage.path(""))
    except NotImplementedError:
        return 0
    before = (now() - timedelta(days=1)).timestamp()
    left = [path for path in folder.rglob(f"*{PART}") if path.stat().st_mtime < before]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


@transaction.atomic
def _forget(digest: str) -> int:
    """Delete one content, unless somebody brought it again meanwhile. The bytes first, while whoever brings them again must wait."""
    locked = Content.objects.select_for_update().filter(pk=digest).first()
    if locked is None or StoredFile.objects.filter(content=locked).exists():
        return 0
    default_storage.delete(path_of(digest))
    default_storage.delete(path_of(digest, "previews"))
    locked.delete()
    return 1


def seal_old() -> Iterator[tuple[str, str]]:
    """Seal, one by one, what lies in the store plain or under a key from before: each name, and `sealed` or `damaged`.

    Safe to kill at any time and to run again; the house may run beside it.
    """
    for name in the_store().names():
        if done := _sealed(name):
            yield name, done


@transaction.atomic
def _sealed(name: str) -> str:
    try:
        if the_store().is_sealed(name):
            return ""
        # `clear_orphans` must wait: what it takes away meanwhile would come back.
        Content.objects.select_for_update().filter(pk=name.rpartition("/")[2]).first()
        the_store().seal(name)
    except FileNotFoundError:
        return ""
    except (FileDamaged, DataKeyMissing):
        return "damaged"
    return "sealed"
