"""Seals in the words of the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Any] = {
    "legal": _("法定名称章"),
    "inner": _("内设机构章"),
    "branch": _("分支机构章"),
    "business": _("业务专用章"),
    "personal": _("个人名章"),
}
STATES: dict[str, Any] = {
    "approved": _("待制作"),
    "made": _("待备案"),
    "in_use": _("使用中"),
    "suspended": _("已停用"),
    "cancelled": _("已注销"),
}
COLOURS = {"approved": "blue", "made": "blue", "in_use": "green", "suspended": "yellow", "cancelled": "grey"}
USES: dict[str, Any] = {"licence": _("电子证照"), "letter": _("文书"), "contract": _("合同和其他文件")}
CONTROLS: dict[str, Any] = {
    "decision": _("凭办件决定用印，人工用印一人审批"),
    "one": _("每次用印一人审批"),
    "two": _("每次用印两人审批"),
}
APPLICATIONS: dict[str, Any] = {"new": _("新制"), "replace": _("重新制作"), "cancel": _("注销")}
APPLICATION_STATES: dict[str, Any] = {"waiting": _("待审核"), "returned": _("已退回"), "approved": _("已通过")}
REQUEST_STATES: dict[str, Any] = {
    "waiting": _("待审批"),
    "approved": _("已同意"),
    "refused": _("不同意"),
    "used": _("已用印"),
    "withdrawn": _("已撤回"),
}
REQUEST_COLOURS = {"waiting": "blue", "approved": "green", "refused": "red", "used": "green", "withdrawn": "grey"}
EVENTS: dict[str, Any] = {
    "applied_new": _("申请制作"),
    "applied_replace": _("申请重新制作"),
    "applied_cancel": _("申请注销"),
    "application_approved": _("申请审核通过"),
    "application_returned": _("申请被退回"),
    "made": _("制作完成"),
    "registered": _("备案，开始使用"),
    "replaced": _("新的印章备案，代替原来的"),
    "suspended": _("停用"),
    "resumed": _("恢复使用"),
    "cancelled": _("注销"),
    "handed_over": _("保管移交"),
}
ALL: dict[str, Any] = {
    "kinds": KINDS, "states": STATES, "colours": COLOURS, "use_words": USES, "controls": CONTROLS,
    "application_kinds": APPLICATIONS, "application_states": APPLICATION_STATES,
    "request_states": REQUEST_STATES, "request_colours": REQUEST_COLOURS,
}  # fmt: skip
