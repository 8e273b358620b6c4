"""Reading a posted page whole: its answers, its uploads, its signatures."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.files import actions as files
from tongban.foundation.files.errors import FileRefused
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.listing import listed
from tongban.services.forms import rules
from tongban.services.forms.gateways import name_as_picture
from tongban.services.forms.rules.structure import Field, plan_of

DRAWN = "data:image/png;base64,"
MOST_DRAWN = 400_000  # characters; a full canvas of ink is a tenth of it


def read_page(
    *, actor: Actor, form: dict[str, Any], post: Any, uploads: Any, before: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[Reason]]:
    """Answers of a posted page, with what was uploaded or signed on it stored, and why a file was refused.

    Each file is stored the moment it arrives, whatever else is wrong on the page, so that nobody chooses it twice.
    """
    answers = rules.parse_post(form, post, before)
    reasons: list[Reason] = []
    for item, path, around in _file_fields(form, answers):
        try:
            stored = _take(actor, item, path, post, uploads)
        except FileRefused as refused:
            reasons += [Reason(reason.code, reason.text, path) for reason in refused.reasons]
            continue
        if stored:
            around[item.key] = stored
    return answers, reasons


def _file_fields(form: dict[str, Any], answers: dict[str, Any]) -> Iterator[tuple[Field, str, dict[str, Any]]]:
    """Every file and signature field with its path and the mapping its answer belongs to."""
    for item in plan_of(form).fields.values():
        if item.type in ("file", "signature"):
            yield item, item.key, answers
        rows = answers.get(item.key) if item.rows else None
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            for cell in item.rows:
                if cell.type in ("file", "signature"):
                    yield cell, f"{item.key}.{number}.{cell.key}", row


def _take(actor: Actor, item: Field, path: str, post: Any, uploads: Any) -> str:
    if item.type == "signature":
        picture = _signature(path, post)
        return str(files.store(actor=actor, upload=picture, name="签名.png", purpose="signature").pk) if picture else ""
    upload = uploads.get(f"{path}.upload")
    if not upload:
        return ""
    _refuse_kind(item, upload)
    return str(files.store(actor=actor, upload=upload, purpose="form").pk)


def _refuse_kind(item: Field, upload: Any) -> None:
    """A field may take fewer kinds than the city does."""
    wanted = item.raw.get("accept")
    name = str(upload.name or "")
    if wanted and name.rpartition(".")[2].lower() not in wanted:
        words = _("“%(label)s”只收 %(kinds)s 文件。") % {"label": item.label, "kinds": listed(wanted).upper()}
        raise FileRefused(reasons=[Reason("not_accepted_here", words)])


def _signature(path: str, post: Any) -> bytes:
    """The drawn signature, or the typed name as a picture, if the button to sign was pressed."""
    if post.get("_do") != f"sign:{path}":
        return b""
    drawn = str(post.get(f"{path}.drawn") or "")
    typed = rules.text.tidy_text(str(post.get(f"{path}.typed") or "")[:200])
    if drawn.startswith(DRAWN) and len(drawn) <= MOST_DRAWN and not typed:
        try:
            return base64.b64decode(drawn[len(DRAWN) :], validate=True)
        except binascii.Error:
            raise FileRefused(reasons=[Reason("broken", _("签名没有传完整，请重新签一次。"))]) from None
    if not typed:
        raise FileRefused(reasons=[Reason("no_signature", _("还没有签名：请在框里手写，或输入姓名。"))])
    if rules.text.text_fault(typed) or len(typed) > 30:
        raise FileRefused(reasons=[Reason("no_signature", _("姓名里有不能使用的字符，请重新输入。"))])
    return name_as_picture(typed)
