"""The demo accounts a newcomer needs first, as a table to print."""

from __future__ import annotations

from tongban.foundation.identity.actions.demo import DEMO_PASSWORD

FIRST = [
    ("lihua", "市民，茶馆经营者", "a citizen with a tea house"),
    ("sunli", "市民，可代办多家企业", "may act for several companies"),
    ("approval-clerk", "区行政审批局 窗口收件", "counter clerk"),
    ("approval-reviewer", "区行政审批局 审查", "reviewer"),
    ("approval-approver", "区行政审批局 审批", "approver"),
    ("health-manager", "区卫健局 事项管理（编制事项）", "writes service items"),
    ("health-checker", "区卫健局 事项管理（审核发布）", "reviews and publishes them"),
    ("health-steward", "区卫健局 数据专员（编目）", "lists the department's data"),
    ("health-head", "区卫健局 部门负责人（审核编目）", "head of the department, reviews the list"),
    ("data-admin", "数据平台管理（审核发布目录）", "reviews the catalogue for the platform"),
    ("data-checker", "数据平台管理（核对规则）", "agrees to rules another drafted"),
    ("supervisor", "电子监察", "supervisor"),
    ("operator", "运行维护（后台任务、发件箱）", "operator"),
    ("auditadmin", "审计管理员", "audit administrator"),
]


def accounts_table() -> str:
    """Names, who they are, the one password, and where staff get their second factor."""
    lines = [f"    {name:<18}{who}  {english}" for name, who, english in FIRST]
    return "\n".join(
        [
            f"  示例账号（虚构），密码都是 demo accounts, all with the password  {DEMO_PASSWORD}",
            *lines,
            "    工作人员的动态验证码 staff's second factor：make code WHO=approval-clerk",
            "",
        ]
    )
