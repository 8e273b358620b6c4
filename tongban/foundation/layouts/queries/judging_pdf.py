"""Judging a PDF: its structure, each signature, the certificate and time behind it, and what came after it."""

from __future__ import annotations

import base64
import re
from typing import Any

from asn1crypto import x509
from django.utils.translation import gettext as _

from tongban.foundation.kernel.listing import listed
from tongban.foundation.layouts.gateways.pdf_reading import read
from tongban.foundation.seals.queries import registered_step, seal_behind
from tongban.foundation.trust.queries import Step, judge_certificate, judge_stamp, stands

from .judgement import Judgement, SignedBy, in_one


def _faults() -> dict[str, str]:
    return {
        "too_big": _("文件太大，无法验证。请使用原始文件。"),
        "too_slow": _("文件结构异常，验证超时，已停止。请使用原始文件。"),
        "unreadable": _("不是完整的 PDF 文件：内容不完整，或者被截断、改写过。"),
        "encrypted": _("文件加了密码，无法验证。请使用原始文件。"),
    }


def judge_pdf(data: bytes) -> Judgement:
    """What may be thought of a PDF, step by step. Never a fault, whatever the bytes are; at most 20 seconds."""
    found, judged = read(data), Judgement()
    if "fault" in found:
        judged.say(_("文件结构"), False, _faults().get(found["fault"], _faults()["unreadable"]))
        return judged
    judged.say(_("文件结构"), True, _("PDF 文件，共 %(count)s 页。") % {"count": found["pages"]})
    match = re.search(r"(?:ZZBS|WSHYM):([0-9A-Za-z.-]{5,120})", found["keywords"])
    judged.identifier = match.group(1) if match else ""
    copy = re.search(r"FBBH:([0-9A-Za-z-]{5,40})", found["keywords"])
    judged.copy_number = copy.group(1) if copy else ""
    if not found["signatures"]:
        judged.say(_("签名"), False, _("文件没有电子签名，无法确认由谁制作、是否改动过。"))
        return judged
    whole = [_judge(one, found, judged) for one in found["signatures"]]
    judged.intact = all(whole)
    return judged


def _judge(one: dict[str, Any], found: dict[str, Any], judged: Judgement) -> bool:
    """One signature: its steps are told, its signer named; whether what it covers is unchanged."""
    if "broken" in one:
        judged.say(_("签名"), False, _("签名“%(field)s”的数据不完整或被改动过。") % {"field": one["field"]})
        judged.altered_at([_("签名数据")])
        return False
    der = base64.b64decode(one["certificate"])
    name = _name_of(der)
    told = {"name": name}
    intact = one["intact"] and one["valid"]
    words = (
        _("由“%(name)s”签名，签名的内容没有改动。") if intact else _("“%(name)s”签名的内容被改动过，或者签名是伪造的。")
    )
    content = Step(_("签名"), intact, words % told)
    if not intact:
        damaged = [_("第 %(page)s 页") % {"page": page} for page in found["damaged"]]
        judged.altered_at(damaged or [_("签名覆盖的内容")])
    after = _after(one, intact, judged)
    stamp, at = _stamp(one)
    certificate = in_one(_("签名人证书"), judge_certificate(der, at))
    seal = seal_behind(der, at)
    steps = [content, after, stamp, certificate, *([registered_step(seal)] if seal else [])]
    judged.steps += steps
    judged.signers.append(SignedBy(name, at, stands(steps), seal))
    return bool(intact and after.ok)


def _name_of(der: bytes) -> str:
    try:
        return str(x509.Certificate.load(der).subject.native.get("common_name", ""))[:64]
    except (ValueError, TypeError):
        return ""


def _after(one: dict[str, Any], intact: bool, judged: Judgement) -> Step:
    """What was added to the file after this signature: nothing, what may be added (further signatures, proofs), or changes."""
    name = _("签名之后")
    if one["allowed"]:
        further = one["coverage"] != "ENTIRE_FILE"
        return Step(name, True, _("之后只增加了签名或验证资料，内容没有改动。") if further else _("之后没有改动。"))
    pages = [_("页数") if place == "pages" else _("第 %(page)s 页") % {"page": place} for place in one["changed"]] or [
        _("签名之后追加的内容")
    ]
    if intact:
        judged.altered_at(pages)
    return Step(name, False, _("签名之后文件被编辑过：%(places)s。") % {"places": listed(pages)})


def _stamp(one: dict[str, Any]) -> tuple[Step, Any]:
    name = _("时间戳")
    if not one["token"]:
        return Step(name, None, _("签名没有时间戳，签名时间无法证明。")), None
    steps, at = judge_stamp(base64.b64decode(one["token"]), bytes.fromhex(one["stamped"]))
    return in_one(name, steps), at
