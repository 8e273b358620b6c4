"""Judging an OFD: the package, each seal in the steps of GB/T 38540, and whether every file is covered and unchanged."""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.listing import listed
from tongban.foundation.layouts.gateways.packages import unpacked
from tongban.foundation.layouts.rules import ofd_parts, ofd_signing
from tongban.foundation.seals.queries import judge_signature, seal_status, signature_in
from tongban.foundation.trust.queries import Step, stands

from .judgement import Judgement, SignedBy

OFD = f"{{{ofd_parts.NAMESPACE}}}"
MOST_SIGNATURES = 20
MOST_NAMED = 20


@dataclass
class _Signature:
    """One signature as the package tells it."""

    path: str
    value_path: str = ""
    seal_path: str = ""
    method: str = ""
    references: dict[str, bytes] = field(default_factory=dict)
    unreadable: str = ""

    @property
    def own(self) -> set[str]:
        return {self.path, self.value_path, self.seal_path} - {""}


def _package_faults() -> dict[str, str]:
    return {
        "too_big": _("文件太大，无法验证。请使用原始文件。"),
        "not_a_zip": _("不是完整的 OFD 文件：内容不完整，或者被截断、改写过。"),
        "too_many_files": _("包内文件太多（%(name)s 个），不是正常的 OFD 文件。"),
        "bad_name": _("包内文件名不合法：%(name)s"),
        "twice": _("包内有两个同名文件：%(name)s"),
        "encrypted": _("包内文件加了密码：%(name)s"),
        "damaged": _("包内文件已损坏：%(name)s"),
        "bomb": _("包内文件展开后过大：%(name)s"),
    }


def judge_ofd(data: bytes) -> Judgement:
    """What may be thought of an OFD, step by step. Never a fault, whatever the bytes are."""
    judged = Judgement()
    package = unpacked(data)
    for code, name in package.faults[:MOST_NAMED]:
        judged.say(_("文件结构"), False, _package_faults()[code] % {"name": name})
    if package.faults:
        judged.altered_at(name for _code, name in package.faults[:MOST_NAMED] if name)
        return judged
    try:
        main = _xml(package.files, ofd_parts.MAIN)
        signatures = list(_signatures(package.files, main))
    except (_Unreadable, RecursionError) as unreadable:
        judged.say(_("文件结构"), False, _("不是能读取的 OFD 文件：%(name)s") % {"name": str(unreadable)[:120]})
        return judged
    judged.say(_("文件结构"), True, _("OFD 文件（GB/T 33190），共 %(count)s 个部件。") % {"count": len(package.files)})
    judged.identifier = next(
        ((one.text or "")[:120] for one in main.iter(f"{OFD}CustomData") if one.get("Name") == "ZZBS"), ""
    )
    if not signatures:
        judged.say(_("签章"), False, _("文件没有电子签章，无法确认由谁制作、是否改动过。"))
        return judged
    whole = [_judge(place, signatures, package.files, judged) for place in range(len(signatures))]
    judged.intact = all(whole)
    return judged


class _Unreadable(Exception):
    """A file of the package is missing or no XML that may be read; its name."""


def _xml(files: dict[str, bytes], name: str) -> Any:
    try:
        return ElementTree.fromstring(files[name], forbid_dtd=True)
    except (KeyError, ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
        raise _Unreadable(name) from None


def _at(path: str | None, beside: str) -> str:
    """A path as it is written in a file, seen from the root of the package."""
    told = (path or "").strip()
    whole = told if told.startswith("/") else posixpath.join(posixpath.dirname(beside), told)
    return posixpath.normpath(whole).lstrip("/")


def _signatures(files: dict[str, bytes], main: Any) -> Iterator[_Signature]:
    """In the order of the list. A list that the main file does not name is looked for where lists stand."""
    named = main.findtext(f".//{OFD}Signatures")
    path = _at(named, ofd_parts.MAIN) if named else ofd_signing.LIST
    if not named and path not in files:
        return
    for one in list(_xml(files, path).iter(f"{OFD}Signature"))[:MOST_SIGNATURES]:
        yield _signature(files, _at(one.get("BaseLoc"), path))


def _signature(files: dict[str, bytes], path: str) -> _Signature:
    try:
        xml = _xml(files, path)
        references = {
            _at(one.get("FileRef"), path): base64.b64decode(one.findtext(f"{OFD}CheckValue") or "", validate=True)
            for one in xml.iter(f"{OFD}Reference")
        }
    except (_Unreadable, binascii.Error, ValueError):
        return _Signature(path, unreadable=path)
    listed = xml.find(f".//{OFD}References")
    return _Signature(
        path,
        value_path=_at(xml.findtext(f"{OFD}SignedValue"), path),
        seal_path=_at(xml.findtext(f".//{OFD}Seal/{OFD}BaseLoc"), path),
        method=(listed.get("CheckMethod") or "").lower() if listed is not None else "",
        references=references,
    )


def _judge(place: int, signatures: list[_Signature], files: dict[str, bytes], judged: Judgement) -> bool:
    """One signature: its steps are told, its signer named; whether every file is covered and unchanged."""
    one = signatures[place]
    if one.unreadable or one.value_path not in files:
        judged.say(_("签章"), False, _("签章数据缺失或无法读取：%(name)s") % {"name": one.unreadable or one.value_path})
        judged.altered_at([one.unreadable or one.value_path])
        return False
    der = files[one.value_path]
    digest = bytes.fromhex(sm3(files[one.path]))
    coverage = _coverage(one, signatures[place + 1 :], files, judged)
    steps = [*judge_signature(der, digest), coverage]
    signed = signature_in(der)
    unchanged = coverage.ok is True and signed is not None and signed.digest == digest
    if not unchanged and coverage.ok:
        judged.altered_at([one.path])
    judged.steps += steps
    judged.signers.append(_signer(signed, steps))
    return unchanged


def _signer(signed: Any, steps: list[Step]) -> SignedBy:
    if signed is None:
        return SignedBy("", None, False)
    data = signed.seal.data
    return SignedBy(data.name, signed.at, stands(steps), seal_status(data.number, signed.at))


def _coverage(one: _Signature, later: list[_Signature], files: dict[str, bytes], judged: Judgement) -> Step:
    """Every file of the package is listed with the SM3 it has, but for the list of signatures and what later ones brought."""
    name = _("保护范围")
    if one.method not in (ofd_signing.SM3, "sm3"):
        return Step(name, None, _("摘要算法 %(method)s 不是 SM3，无法验证。") % {"method": one.method[:40]})
    brought = {path for other in later for path in other.own}
    free = one.own | brought | {ofd_signing.LIST}
    missing = [path for path in one.references if path not in files]
    changed = [
        path for path, value in one.references.items() if path in files and bytes.fromhex(sm3(files[path])) != value
    ]
    unlisted = [path for path in files if path not in one.references and path not in free]
    judged.altered_at([*missing, *changed, *unlisted][:MOST_NAMED])
    told = [
        _("被改动：%(names)s") % {"names": listed(changed[:MOST_NAMED])} if changed else "",
        _("被删去：%(names)s") % {"names": listed(missing[:MOST_NAMED])} if missing else "",
        _("后来加入：%(names)s") % {"names": listed(unlisted[:MOST_NAMED])} if unlisted else "",
    ]
    faults = "；".join(words for words in told if words)
    return Step(
        name, not faults, faults or _("签章保护的 %(count)s 个文件都没有改动。") % {"count": len(one.references)}
    )
