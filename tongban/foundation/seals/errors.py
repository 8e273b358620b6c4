"""Ways this room says no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Reason, Refused


class ApplicationRefused(Refused):
    """An application for a seal that cannot be taken; every reason is listed."""

    code, title = "seals.application_refused", _("印章申请有内容需要更正。")


class SamePerson(Refused):
    """Two persons are needed: whoever asked does not decide, and nobody decides twice."""

    code, title = "seals.same_person", _("申请和审批要由不同的人办理，同一个人也不能审批两次。")


class NotWaiting(Conflict):
    code, title = "seals.not_waiting", _("这份申请已经处理过，请刷新后再看。")


class WrongState(Conflict):
    """The seal is not in a state in which this can be done."""

    code, title = "seals.wrong_state", _("印章当前的状态不能这样操作，请刷新后再看。")


class NotInUse(Conflict):
    """The seal is suspended, cancelled, expired or not yet registered: nothing may be stamped with it."""

    code, title = "seals.not_in_use", _("这枚印章现在不能使用，没有盖章。")


class NotApproved(Refused):
    """Nobody has agreed, or to something else, or it was too long ago."""

    code, title = "seals.not_approved", _("这次用印没有得到同意，没有盖章。")


class RequestRefused(Refused):
    code, title = "seals.request_refused", _("用印申请有内容需要更正。")


class ReasonMissing(Refused):
    code, title = "seals.reason_missing", _("请写明原因，4至200个字。")


class NotAKeeper(Refused):
    """A keeper is a member of the department who may keep seals."""

    code, title = "seals.not_a_keeper", _("请选择本部门可以保管印章的工作人员。")


class CannotBeDrawn(Refused):
    """A sign of the name is in no font here."""

    code, title = "seals.cannot_be_drawn", _("名称里有字库没有的字，无法制作印章图样，请联系运行维护人员。")


class NoSeal(NotFound):
    code, title = "seals.no_seal", _("没有找到这枚印章。")


SENTENCES: dict[str, Any] = {
    "kind": _("请选择印章种类。"),
    "length": _("印章名称要有2至40个字。"),
    "signs": _("印章名称只能用规范汉字、数字、字母和括号。"),
    "emblem": _("县级以上人民政府的印章中央为国徽，由上级机关制发，不能在这里申请。"),
    "not_registered": _("名称要与本部门登记的全称完全一致。"),
    "not_within": _("名称要以本部门登记的全称开头，后面写内设机构或分支机构的名称。"),
    "not_the_holder": _("个人名章的名称要与持有人的姓名一致。"),
    "business_missing": _("业务专用章要写明业务，以“专用章”结尾。"),
    "business_words": _("业务名称写在“专用章”前面，一共不超过14个字，只用汉字、数字和括号。"),
    "business_elsewhere": _("只有业务专用章才写业务名称。"),
    "holder": _("请选择个人名章的持有人，要是本部门的工作人员。"),
    "keeper": _("请选择本部门可以保管印章的工作人员。"),
    "uses": _("请至少选择一种用途。"),
    "control": _("请选择用印审批方式。"),
    "reason": _("请写明申请理由，4至200个字。"),
    "basis": _("请写明设立机构或开展业务的文件，2至100个字。"),
    "taken": _("本部门已经有一枚同样的印章，还没有注销。"),
    "title": _("请填写文件名称，2至100个字。"),
    "purpose": _("请写明用途，4至200个字。"),
    "copies": _("份数要在1到200之间。"),
    "document": _("请选择要用印的文件，不超过20 MB。"),
    "not_asked": _("这枚印章每次使用都要先申请，由另一人同意。"),
    "not_approved": _("还没有得到足够的同意，或者没有被同意。"),
    "late": _("同意之后超过了有效时间，请重新申请。"),
    "used_up": _("同意的份数已经用完。"),
    "other_document": _("文件与申请时的不是同一份，内容可能改动过。"),
    "suspended": _("印章已停用：%(reason)s"),
    "cancelled": _("印章已注销：%(reason)s"),
    "not_registered_yet": _("印章还没有备案。"),
    "expired": _("印章或它的证书已过有效期，请重新制作。"),
}


def reasons_of(faults: Iterable[tuple[str, str]]) -> list[Reason]:
    """A reason for each (field, code)."""
    return [Reason(f"seals.{code}", SENTENCES[code], field) for field, code in faults]
