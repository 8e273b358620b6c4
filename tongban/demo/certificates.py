"""The demo city's certificate service: founded before its past begins, with keys for every deciding department and a few applications."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tongban.foundation.identity.queries import account, actor_of, departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import now, standing_at
from tongban.foundation.organisations.queries import department
from tongban.foundation.trust.actions import apply_for_certificate, approve_application, key_for, ready_authority
from tongban.foundation.trust.queries import applications_waiting, certificates_listed

FOUNDED = timedelta(days=400)  # before the first case that `life` plays
SIGNS = "licences"  # the name of the key that the licences room signs with
ISSUED: dict[str, Any] = {
    "kind": "software", "algorithm": "sm2", "title": "大厅叫号系统（示例）", "purpose": "叫号系统与平台之间的接口签名",
}  # fmt: skip
WAITING: dict[str, Any] = {
    "kind": "device", "algorithm": "p256", "title": "自助终端03号（示例）", "purpose": "政务大厅一层自助终端接入平台",
}  # fmt: skip


def load() -> int:
    """How many certificates there are at least: those just made or found."""
    offices = [department(office) for office in sorted(departments_who_may("cases.decide"))]
    with standing_at(now() - FOUNDED):
        ready_authority()
        for office in offices:
            for algorithm in ("sm2", "p256"):
                key_for(f"department:{office.pk}", SIGNS, algorithm, title=office.name)
    return 8 + 2 * len(offices) + _applied_for()


def _applied_for() -> int:
    """One certificate issued, one application waiting, by the administrators of the demo; none where there are none."""
    applicant, guard = _officer("trust.apply"), _officer("trust.decide")
    onlooker = installer("trust.see")
    if applicant is None or guard is None:
        return 0
    if not certificates_listed(onlooker, filters={"kind": ISSUED["kind"]}).rows:
        made = apply_for_certificate(actor=applicant, **ISSUED)
        approve_application(actor=guard, application_id=made.pk, opinion="材料齐全，同意签发")
    if not applications_waiting(onlooker).rows:
        apply_for_certificate(actor=applicant, **WAITING)
    return 1


def _officer(verb: str) -> Actor | None:
    for office in departments_who_may(verb):
        return actor_of(account(staff_who_may(office, verb)[0][0]))
    return None
