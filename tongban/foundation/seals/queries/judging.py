"""Judging a seal and a signature with it, step by step (GB/T 38540-2020 §7; each step is told by itself, and none is a fault)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.seals.models import Edition, Seal
from tongban.foundation.seals.rules import (
    ReadSeal,
    ReadSignature,
    Spell,
    Unreadable,
    key_name,
    read_seal,
    read_signature,
    state_at,
)
from tongban.foundation.trust.queries import Step, check_signature, judge_certificate, judge_stamp, key_behind, stands

from .register import seal_by_number

SM2_WITH_SM3 = "1.2.156.10197.1.501"


@dataclass(frozen=True)
class SealStatus:
    """What anybody may know of a seal by its number: whose, of which kind, and how it stood at a moment."""

    number: str
    name: str
    kind: str
    kind_name: Any
    department: str
    state: str  # in_use, suspended, cancelled, replaced, expired, unknown (not yet registered)
    state_name: Any
    registered_at: datetime | None
    at: datetime
    valid_until: datetime | None = None
    department_id: UUID | None = None


def state_names() -> dict[str, str]:
    return {
        "in_use": _("使用中"),
        "suspended": _("已停用"),
        "cancelled": _("已注销"),
        "replaced": _("已被新的印章代替"),
        "expired": _("已过有效期"),
        "unknown": _("当时没有备案"),
    }


def seal_status(seal_no: str, at: datetime | None = None) -> SealStatus | None:
    """How a seal stood in the register at a moment (now), by its number or an edition's; None when there is no such seal.

    For an edition that another had replaced by then, `replaced`: what it signed before stays good. Public: no person is named.
    """
    seal = seal_by_number(seal_no.strip()[:16])
    edition = seal.editions.filter(number=seal_no.strip()).first() if seal else None
    return _status(seal, edition, at or now())


def seal_behind(certificate: bytes, at: datetime | None = None) -> SealStatus | None:
    """How the seal that signs with this certificate stood at a moment (now); None when it is no seal's certificate of ours."""
    owner, key = key_behind(certificate)
    kind, _colon, seal_id = owner.partition(":")
    if kind != "seal":
        return None
    seal = Seal.objects.filter(pk=seal_id).select_related("department").first()
    edition = next((one for one in seal.editions.all() if key_name(one.edition) == key), None) if seal else None
    return _status(seal, edition, at or now())


def _status(seal: Seal | None, edition: Edition | None, at: datetime) -> SealStatus | None:
    if seal is None or seal.registered_at is None:
        return None
    spells = [Spell(row.state, row.since, row.until) for row in seal.standings.all()]
    state = state_at(spells, at)
    edition = edition or seal.editions.order_by("-edition").first()
    if state == Seal.State.IN_USE and edition is not None:
        state = _of_edition(edition, at) or state
    state = state if state in state_names() else "unknown"
    return SealStatus(
        number=seal.number,
        name=str(seal),
        kind=seal.kind,
        kind_name=seal.get_kind_display(),
        department=seal.department.name,
        state=state,
        state_name=state_names()[state],
        registered_at=seal.registered_at,
        at=at,
        valid_until=edition.valid_until if edition else None,
        department_id=seal.department_id,
    )


def _of_edition(edition: Any, at: datetime) -> str:
    if edition.in_force_from is None or at < edition.in_force_from:
        return "unknown"
    if edition.in_force_until is not None and at >= edition.in_force_until:
        return "replaced"
    return "expired" if at > edition.valid_until else ""


def judge_seal(der: bytes, at: datetime | None = None) -> list[Step]:
    """A seal by itself (SESeal), as it stood at a moment; the first step alone when it cannot be read."""
    try:
        seal = read_seal(der)
    except Unreadable:
        return [_unreadable(_("印章格式"))]
    return _seal_steps(seal, at or now())


def judge_signature(der: bytes, digest: bytes, proven_at: datetime | None = None) -> list[Step]:
    """A signature with a seal (SES_Signature) over something whose SM3 is `digest`.

    The moment of a time stamp in it that holds is trusted before the signature's own; before both `proven_at`, one that was
    proven elsewhere.
    """
    try:
        signature = read_signature(der)
    except Unreadable:
        return [_unreadable(_("签章格式"))]
    proof, stamped_at = _stamped(signature)
    at = proven_at or stamped_at or signature.at
    name = _("签章格式")
    words = _("GB/T 38540 第%(version)s版结构，印章“%(seal)s”。") % {
        "version": signature.version,
        "seal": signature.seal.data.name[:60],
    }
    steps = [Step(name, True, words), _signed(signature), _digest(signature, digest), _member(signature), *proof]
    if at is None:
        return [*steps, Step(_("签章时间"), None, _("签章里没有可以读出的时间，证书和印章当时是否有效无法判断。"))]
    return [*steps, _time(signature, at), _signer(signature, at), *_seal_steps(signature.seal, at)]


def signature_in(der: bytes) -> ReadSignature | None:
    """What a signature with a seal says of itself (seal, moment, digest); None when it cannot be read. It proves nothing."""
    try:
        return read_signature(der)
    except Unreadable:
        return None


def _unreadable(name: str) -> Step:
    return Step(name, False, _("不是能读取的电子印章数据：格式不符合 GB/T 38540，或内容不完整。"))


def _signed(signature: ReadSignature) -> Step:
    name = _("签名值")
    if signature.algorithm != SM2_WITH_SM3:
        return Step(
            name, None, _("签名算法 %(algorithm)s 不是 SM2，无法验证。") % {"algorithm": signature.algorithm[:40]}
        )
    good = check_signature(signature.certificate, signature.signed, signature.signature)
    return Step(
        name, good, _("签名由证书持有者作出，签名的内容没有改动。") if good else _("签名与内容不符，签章数据被改动过。")
    )


def _digest(signature: ReadSignature, digest: bytes) -> Step:
    good = signature.digest == digest
    return Step(_("原文"), good, _("文件与用印时相同。") if good else _("文件与用印时不同，用印之后被改动过。"))


def _member(signature: ReadSignature) -> Step:
    """The signer's certificate is one of those the seal allows: the very bytes, or their SM3."""
    data = signature.seal.data
    listed = signature.certificate in data.certificates or any(
        value.hex() == sm3(signature.certificate) for _kind, value in data.digests
    )
    words = (
        _("签章人的证书在印章的证书列表里。")
        if listed
        else _("签章人的证书不在印章的证书列表里，签章人无权使用这枚印章。")
    )
    return Step(_("签章人"), listed, words)


def _stamped(signature: ReadSignature) -> tuple[list[Step], datetime | None]:
    """The time stamp over the signature's value, as one step, and the moment it proves; none where there is none."""
    if signature.time_stamp is None:
        return [], None
    steps, at = judge_stamp(signature.time_stamp, bytes.fromhex(sm3(signature.signature)))
    step = _as_one(_("时间戳"), steps)
    return [step], at if step.ok else None


def _time(signature: ReadSignature, at: datetime) -> Step:
    name, moment = _("签章时间"), f"{localtime(at):%Y-%m-%d %H:%M}"
    data = signature.seal.data
    if at > now():
        return Step(name, False, _("签章时间 %(at)s 还没有到，时间不可信。") % {"at": moment})
    good = data.valid_from <= at <= data.valid_until
    words = _("%(at)s，在印章有效期内。") if good else _("%(at)s，不在印章有效期内。")
    return Step(name, good, words % {"at": moment})


def _signer(signature: ReadSignature, at: datetime) -> Step:
    return _certificate(_("签章人证书"), signature.certificate, at)


def _certificate(name: str, der: bytes, at: datetime) -> Step:
    return _as_one(name, judge_certificate(der, at))


def _as_one(name: str, steps: list[Step]) -> Step:
    """Several steps as one: all that failed, or what the first says."""
    told = [str(step.words) for step in steps if step.ok is not True] or [str(step.words) for step in steps[:1]]
    return Step(name, stands(steps), "".join(told))


def _seal_steps(seal: ReadSeal, at: datetime) -> list[Step]:
    name = _("印章签名")
    if seal.algorithm != SM2_WITH_SM3:
        signed = Step(name, None, _("签名算法 %(algorithm)s 不是 SM2，无法验证。") % {"algorithm": seal.algorithm[:40]})
    else:
        good = check_signature(seal.maker, seal.signed, seal.signature)
        signed = Step(
            name,
            good,
            _("印章由制章单位签名，没有改动。") if good else _("印章数据与制章单位的签名不符，是伪造的或被改动过。"),
        )
    data = seal.data
    period = {"since": f"{localtime(data.valid_from):%Y-%m-%d}", "until": f"{localtime(data.valid_until):%Y-%m-%d}"}
    valid = Step(_("印章有效期"), data.valid_from <= at <= data.valid_until, _("%(since)s 至 %(until)s。") % period)
    # The maker is judged as he stood when he made it: what he made stays good when his own certificate ends.
    return [
        signed,
        _certificate(_("制章单位证书"), seal.maker, data.made_at),
        valid,
        registered_step(seal_status(seal.data.number, at), seal.data.number),
    ]


def registered_step(status: SealStatus | None, number: str = "") -> Step:
    """The register's word on the seal at the moment of signing."""
    name = _("印章备案状态")
    if status is None:
        return Step(name, None, _("本市的印章备案里没有编码 %(number)s。") % {"number": number[:40]})
    words = _("编码 %(number)s，%(department)s，签章时%(state)s。") % {
        "number": status.number,
        "department": status.department,
        "state": status.state_name,
    }
    return Step(name, status.state == Seal.State.IN_USE, words)
