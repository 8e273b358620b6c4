"""Connecting a department's database or folder. It is asked once before it is kept, and its secret is kept encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceRefused
from tongban.data.gathering.gateways import put_file, reader
from tongban.data.gathering.models import Source
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import is_elsewhere, kept_secret, place_faults, said_anew
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import department

FAULTS = {
    "kind": _("不支持这种数据来源。"),
    "missing": _("这一项不能为空。"),
    "secret": _("账号和口令请填在专门的位置，那里会加密保存。"),
    "unknown": _("这种来源没有这一项。"),
    "long": _("太长了，最多500个字。"),
    "port": _("端口是1到65535的整数。"),
    "url": _("请填完整的地址，以 http:// 或 https:// 开头，不带账号、口令和密钥。"),
    "choice": _("请从列出的几种里选一种。"),
    "number": _("请填1到100000的整数。"),
    "host_key": _("指纹要像 SHA256:… 那样，可以填几个，用空格隔开。"),
    "server": _("请只填服务器的地址，如 https://s3.example.gov.cn，不带桶名和路径。"),
    "elsewhere": _("地址换了，账号和口令（或私钥）请重新填：原来的不会发给另一台服务器。"),
    "header": _("请求头的名称只能用英文字母、数字和短横。"),
    "host": _("请只填一个主机名或地址，不带端口、账号和路径。"),
}


def connect_source(
    *,
    actor: Actor,
    title: str,
    kind: str,
    place: Mapping[str, Any],
    secret: Mapping[str, Any],
    department_id: UUID,
    system_id: UUID | None = None,
) -> Source:
    """Keep a source that answers. Raises `SourceRefused` with every reason, or `SourceAway` when it does not answer."""
    permit(actor, MANAGE, department_id=department_id)
    require_proof(actor)
    where = _checked(title, kind, place, secret, department_id)
    _asked(kind, where, secret)
    with transaction.atomic():
        source = Source.objects.create(
            title=title.strip(),
            kind=kind,
            place=where,
            secret=dict(secret),
            department_id=department_id,
            system_id=system_id,
            made_at=now(),
            answered_at=now(),
        )
        record("gathering.source_connected", actor=actor, subject=f"source:{source.pk}", data={"kind": kind})
    return source


def test_connection(
    *, actor: Actor, kind: str, place: Mapping[str, Any], secret: Mapping[str, Any], department_id: UUID
) -> int:
    """How many tables or files a source has that is not kept yet; raises what `connect_source` would."""
    permit(actor, MANAGE, department_id=department_id)
    return _asked(kind, _checked("-", kind, place, secret, department_id), secret)


def change_source(
    *, actor: Actor, source_id: UUID, place: Mapping[str, Any], secret: Mapping[str, Any], title: str = ""
) -> Source:
    """Another address or another account. An empty secret keeps the one there is, except at another address:

    whoever may change a source may not learn its password, and would by having it said to a server of his own.
    """
    source = find(Source.objects.all(), pk=source_id)
    permit(actor, MANAGE, department_id=source.department_id)
    require_proof(actor)
    kept = kept_secret(source.secret, secret)
    where = _checked(title or source.title, source.kind, place, kept, source.department_id)
    if source.secret and is_elsewhere(source.place, where) and not said_anew(source.secret, secret):
        raise SourceRefused(reasons=[Reason("elsewhere", FAULTS["elsewhere"], "password")])
    _asked(source.kind, where, kept)
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source_id)
        source.title, source.place, source.secret = title.strip() or source.title, where, kept
        source.answered_at = now()
        source.save(update_fields=["title", "place", "secret", "answered_at"])
        record("gathering.source_changed", actor=actor, subject=f"source:{source.pk}", data={"kind": source.kind})
    return source


def check_source(*, actor: Actor, source_id: UUID) -> int:
    """Ask a source that is kept whether it answers: how many tables it has."""
    source = find(Source.objects.all(), pk=source_id)
    permit(actor, MANAGE, department_id=source.department_id)
    found = _asked(source.kind, source.place, source.secret)
    Source.objects.filter(pk=source.pk).update(answered_at=now())
    return found


def upload_file(*, actor: Actor, source_id: UUID, upload: Any, name: str) -> str:
    """Put a file into a folder source; one with the same name is replaced as a whole. The name it has there."""
    source = find(Source.objects.all(), pk=source_id)
    permit(actor, MANAGE, department_id=source.department_id)
    if source.kind != "files":
        raise SourceRefused(reasons=[Reason("kind", _("只有文件来源可以上传文件。"), "file")])
    kept = put_file(source.place["folder"], PurePosixPath(name.replace("\\", "/")).name, upload)
    record("gathering.file_put", actor=actor, subject=f"source:{source.pk}")
    return kept


def _asked(kind: str, place: Mapping[str, Any], secret: Mapping[str, Any]) -> int:
    """How many tables or files there are."""
    with reader(kind, place, secret) as opened:
        names = [one.name for one in opened.tables()]
    return len(
        {one.partition("#")[0] for one in names} if Source(kind=kind).is_files else names
    )  # sheets of a workbook are one file


def _checked(
    title: str, kind: str, place: Mapping[str, Any], secret: Mapping[str, Any], department_id: UUID
) -> dict[str, Any]:
    """The place as it is kept: what lies in the inbox begins with the department's code, so that nothing else can be named."""
    reasons = [] if title.strip() else [Reason("title", _("请给这个数据来源起个名字。"), "title")]
    reasons += [
        Reason(code, FAULTS[code], field)
        for code, field in place_faults(kind, place, secret, inside=settings.GATHERING_INSIDE)
    ]
    if reasons:
        raise SourceRefused(reasons=reasons)
    where = {name: str(value).strip() for name, value in place.items() if str(value or "").strip()}
    own = department(department_id).code
    for name in {"folder", "path"} & set(place) if kind in ("files", "sqlite") else ():
        said = PurePosixPath(where.get(name, ""))
        where[name] = str(said if said.parts[:1] == (own,) else PurePosixPath(own) / said)
        if ".." in said.parts or said.is_absolute():
            raise SourceRefused(reasons=[Reason("outside", _("只能用本部门文件夹里的文件。"), name)])
    return where
