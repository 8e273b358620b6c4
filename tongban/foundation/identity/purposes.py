"""What a look at somebody's data was for, in words the person understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.organisations.queries import department_names

if TYPE_CHECKING:
    from tongban.foundation.audit.queries import Look

WORDS = {
    "handling": _("办理您的申请"),
    "api": _("部门的业务系统办理您的申请"),
    "supervision": _("检查办件是否超期"),
    "decisions.rules": _("按公布的规则自动核对您的申请"),
    "cases.counter": _("您到窗口，请工作人员帮您填写申请"),
    "identity.counter": _("在窗口核对您本人和身份证"),
}
THINGS = {
    "card": _("您的姓名和身份证号码"),
    "case": _("您的办件"),
    "drafts": _("您没有提交的申请"),
    "id_number": _("您的完整身份证号码"),
    "phone": _("您的完整手机号码"),
    "population": _("人口库中您的登记信息"),
    "persons": _("人口库中您的登记信息"),
    "companies": _("法人库中您单位的登记信息"),
    "legal_persons": _("法人库中您单位的登记信息"),
    "licences": _("您的证照信息"),
    "credit": _("信用库中关于您的记录"),
    "file": _("您上传的材料"),
    "letter": _("发给您的文书"),
}


@dataclass(frozen=True)
class ShownLook:
    at: datetime
    department: str
    things: list[Any]
    purpose: Any
    unmasked: bool
    own: bool


def shown_looks(looks: Iterable[Look]) -> list[ShownLook]:
    """Looks with their departments' names; a purpose that is no code is shown as it was written."""
    looks = list(looks)
    names = department_names(look.department_id for look in looks if look.department_id)
    return [
        ShownLook(
            at=look.at,
            department=names.get(look.department_id, "") if look.department_id else "",
            things=[THINGS.get(t, t) for t in (look.what if isinstance(look.what, list) else [look.what])],
            purpose=WORDS.get(look.purpose, look.purpose),
            unmasked=look.unmasked,
            own=look.own,
        )
        for look in looks
    ]
