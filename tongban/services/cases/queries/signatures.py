"""What persons signed about a case, and whether it is still as they signed it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.audit.queries import values_written
from tongban.foundation.files.queries import digests_of
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.masks import mask_name
from tongban.foundation.trust.queries import Step, anchors, certificates_behind, check_records, stands
from tongban.services.cases.models import Case, CaseMaterial, Signature
from tongban.services.cases.rules import file_answers
from tongban.services.cases.rules.signing import (
    MATERIAL,
    SHOWN_TO_APPLICANT,
    Contents,
    Difference,
    came_later,
    contents_of,
    differences,
)
from tongban.services.items.queries import content_of

from .timeline import TITLES

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

FACTORS = {
    "password": gettext_lazy("密码"),
    "totp": gettext_lazy("动态口令"),
    "webauthn": gettext_lazy("通行密钥"),
    "recovery_codes": gettext_lazy("恢复码"),
}
PARTS = {
    "answers": gettext_lazy("申请表的内容"),
    "situation": gettext_lazy("情形的回答"),
    "delivery": gettext_lazy("领取结果的方式"),
    "material": gettext_lazy("材料“%(which)s”"),
    "file": gettext_lazy("文件“%(which)s”"),
}
HOW = {
    "changed": gettext_lazy("%(part)s与签名时不同。"),
    "missing": gettext_lazy("%(part)s签名时有，现在没有。"),
    "added": gettext_lazy("%(part)s签名时没有，是后来加进来的。"),
}
COLUMNS = ("item_version_id", "answers", "situation", "delivery_wish")


@dataclass(frozen=True)
class Present:
    """An application as it stands now, and its materials for naming them."""

    contents: Contents
    materials: list[dict[str, Any]]

    def named(self, one: Difference) -> str:
        keys = {"material": "key", "file": "file_id"}
        rows = [row for row in self.materials if str(row[keys[one.part]]) == one.which] if one.part in keys else []
        which = (rows[0]["file_name"] if one.part == "file" else rows[0]["name"]) if rows else one.which
        return str(PARTS[one.part]) % {"which": which}


def present_of(case_id: UUID, *, anew: bool = False) -> Present:
    """What somebody who signs now has before him. `anew`: the files are read and digested once more. Three queries."""
    version, answers, situation, delivery = Case.objects.values_list(*COLUMNS).get(pk=case_id)
    materials = list(CaseMaterial.objects.filter(case=case_id).values(*MATERIAL, "name", "file_name", "supplied_at"))
    answered = [file_id for _at, file_id in file_answers(content_of(version).get("form") or {}, answers)]
    files = digests_of([*(row["file_id"] for row in materials if row["file_id"]), *answered], anew=anew)
    contents = contents_of(
        answers=answers, situation=situation, delivery=delivery, materials=materials, files=files
    )  # fmt: skip
    return Present(contents, materials)


@dataclass(frozen=True)
class Judged:
    """One signature as a page shows it: who signed what and when, and the steps of the check."""

    row: Signature
    title: Any
    who: str
    serial: str  # of his certificate
    steps: list[Step]

    @property
    def good(self) -> bool | None:
        return stands(self.steps)


def signatures_of(actor: Actor, case: Case) -> list[Signature]:
    """What was signed about a case the actor was given, in order; of staff, an applicant sees what is meant for him."""
    rows: Iterable[Signature] = case.signatures.order_by("id")
    own = actor.kind in ("person", "company")
    return [row for row in rows if not own or row.verb in SHOWN_TO_APPLICANT]


@dataclass(frozen=True)
class SignedLine:
    """One signature in a line of a case's page, not yet checked."""

    title: Any
    who: str
    at: datetime


def signed_lines(actor: Actor, case: Case) -> list[SignedLine]:
    """Who signed what and when. One query."""
    rows = signatures_of(actor, case)
    return [SignedLine(TITLES.get(row.verb, row.verb), who_signed(actor, row), row.signed_at) for row in rows]


def who_signed(actor: Actor, row: Signature) -> str:
    """张三, or 张三（代李四）, of his own record; staff see an applicant's name masked, as on the page of the case."""
    signer = _read(row).get("signer", {})
    name, whose = _shown(actor, signer)(str(signer.get("name", ""))), signer.get("for")
    return _("%(who)s（代%(whose)s）") % {"who": name, "whose": whose["name"]} if whose else name


def _shown(actor: Actor, signer: dict[str, Any]) -> Callable[[str], str]:
    """How whoever looks may read words that name the signer."""
    name = str(signer.get("name", ""))
    if actor.kind != "staff" or signer.get("kind") == "staff" or not name:
        return str
    return lambda words: words.replace(name, mask_name(name))


def judged_signatures(actor: Actor, case: Case, *, anew: bool = True) -> list[Judged]:
    """Every signature with the steps of its check. Some ten queries, however many there are; the files are read anew."""
    rows = signatures_of(actor, case)
    if not rows:
        return []
    checks = check_records([(row.text.encode(), row.signatures, row.signed_at) for row in rows])
    behind = {one["kid"]: one for one in certificates_behind(_kids(rows))}
    trail = values_written(f"case:{case.pk}", "signature")
    present, acts = present_of(case.pk, anew=anew), _Acts(case)
    found = []
    for row, steps in zip(rows, checks, strict=True):
        certificate = behind.get(str(row.signatures[0].get("kid")), {}) if row.signatures else {}
        record = _read(row)
        shown = _shown(actor, record.get("signer", {}))
        steps = [
            *steps,
            _signer(row, record, certificate),
            _entry(row, record, trail),
            *_contents(row, record, present),
            *acts.step(row, record),
        ]
        steps = [replace(step, words=shown(str(step.words))) for step in steps]
        found.append(
            Judged(row, TITLES.get(row.verb, row.verb), who_signed(actor, row), certificate.get("serial", ""), steps)
        )
    return found


def _read(row: Signature) -> dict[str, Any]:
    try:
        record = json.loads(row.text)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _kids(rows: Iterable[Signature]) -> list[str]:
    return [str(one.get("kid", "")) for row in rows for one in row.signatures]


def _signer(row: Signature, record: dict[str, Any], certificate: dict[str, Any]) -> Step:
    """The key must be that of the account that the record and the row name."""
    name, signer = _("签名人"), record.get("signer", {})
    if certificate.get("owner") != f"account:{row.account_id}" or signer.get("account") != str(row.account_id):
        return Step(name, False, _("签名所用的密钥不是这个账号的个人密钥。"))
    shown = listed(str(FACTORS.get(one, one)) for one in signer.get("factors", ())) or _("没有记录")
    words = _("%(who)s的个人密钥；实名等级%(level)s，登录方式：%(how)s。")
    return Step(name, True, words % {"who": signer.get("name", ""), "level": signer.get("level", ""), "how": shown})


def _entry(row: Signature, record: dict[str, Any], trail: set[Any]) -> Step:
    """The row says what the record says, and the audit trail, which nobody can rewrite, names its digest."""
    name = _("审计记录")
    said = (record.get("case"), record.get("verb"), record.get("at"))
    if sm3(row.text.encode()) != row.digest or said != (str(row.case_id), row.verb, row.signed_at.isoformat()):
        return Step(name, False, _("登记的内容与签名的内容不一致。"))
    if row.digest not in trail:
        return Step(name, False, _("审计记录里没有这次签名。"))
    return Step(name, True, _("签名的摘要写在办件的审计记录里。"))


def _contents(row: Signature, record: dict[str, Any], present: Present) -> list[Step]:
    name = _("申请内容")
    since = [(one["key"], one["position"]) for one in present.materials if came_later(one, row.signed_at)]
    found = differences(record.get("contents", {}), present.contents, since=since)
    if not found:
        return [Step(name, True, _("申请表、材料和文件都与签名时相同。"))]
    return [Step(name, False, str(HOW[one.how]) % {"part": present.named(one)}) for one in found]


class _Acts:
    """The opinions and decisions of a case as they are registered now, to be held against what was signed."""

    def __init__(self, case: Case) -> None:
        self.steps = {row.pk: row for row in case.steps.all()}
        self.events = {(row.verb, row.at): row for row in case.events.all()}
        self.decision = getattr(case, "decision", None)

    def step(self, row: Signature, record: dict[str, Any]) -> list[Step]:
        name, said = _("所作的意见、决定"), record.get("said")
        if not said:
            return []
        ways: list[Callable[[Signature, dict[str, Any]], bool]] = [self._is_noted]
        ways += [self._is_opinion] if row.step_id else []
        ways += [self._is_decision] if row.verb == "decide" else []
        if all(way(row, said) for way in ways):
            return [Step(name, True, _("与登记的相同。"))]
        return [Step(name, False, _("登记的意见、结论或者理由与签名时不同。"))]

    def _is_noted(self, row: Signature, said: dict[str, Any]) -> bool:
        event = self.events.get((row.verb, row.signed_at))
        return event is not None and (event.note, event.account_id) == (said.get("note"), row.account_id)

    def _is_opinion(self, row: Signature, said: dict[str, Any]) -> bool:
        step = self.steps.get(row.step_id) if row.step_id else None
        return step is not None and (step.verdict, step.opinion, step.account_id) == (
            said.get("verdict"), said.get("opinion"), row.account_id
        )  # fmt: skip

    def _is_decision(self, row: Signature, said: dict[str, Any]) -> bool:
        made = self.decision
        return made is not None and (made.result, made.reasons, made.decided_by) == (
            said.get("result"), said.get("reasons"), row.account_id
        )  # fmt: skip


def signed_file(actor: Actor, case: Case) -> dict[str, Any]:
    """Everything a stranger needs to check the signatures of a case without us: texts, signatures, certificates."""
    rows = signatures_of(actor, case)
    return {
        "case": case.project_no,
        "signatures": [
            {
                "id": str(row.pk), "verb": row.verb, "way": row.way, "signed_at": row.signed_at.isoformat(),
                "text": row.text, "signatures": row.signatures,
            }
            for row in rows
        ],
        "certificates": [{name: one[name] for name in ("kid", "alg", "subject", "certificate")}
                         for one in certificates_behind(_kids(rows))],
        "authorities": anchors(),
    }  # fmt: skip


def earlier_signatures(case_id: UUID) -> tuple[str, str]:
    """Digests of the newest signature under the application, and of the newest of all; empty where there is none."""
    rows = list(Signature.objects.filter(case=case_id).order_by("-id").values_list("verb", "digest"))
    application = next((digest for verb, digest in rows if verb in ("submit", "sign_application")), "")
    return application, rows[0][1] if rows else ""


def awaits_signature(actor: Actor, case: Case) -> bool:
    """Whether the applicant may still sign his application himself: taken in without his key, and not yet closed."""
    if not case.is_open or actor.applicant_id is None or actor.applicant_id != case.applicant_id:
        return False
    own = Q(verb="submit", way=Signature.Way.OWN) | Q(verb="sign_application")
    return not case.signatures.filter(own).exists()
