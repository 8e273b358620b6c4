"""The side navigation of the console: what one may do decides what one sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.actors import Actor


@dataclass(frozen=True)
class Entry:
    title: Any
    url: str
    verb: str = ""  # whoever holds it, or one of several, may enter
    icon: str = "list"
    note: Any = ""
    current: bool = False
    count: str = ""  # where to ask for the number shown beside it


@dataclass(frozen=True)
class Group:
    title: Any
    entries: tuple[Entry, ...]


MENU = (
    Group(
        _("办件"),
        (
            Entry(_("今日"), "/console/", icon="home"),
            Entry(
                _("待我审核"),
                "/console/waiting/",
                "items.manage items.keep_tables licences.manage licences.open_scenes",
                "inbox",
                _("同事送来的事项、规则、文书、通知、证照和共享场景"),
                count="/console/waiting/count/",
            ),
            Entry(_("办件"), "/console/cases/", "cases.see", "inbox", _("收件、受理、审查、决定、送达")),
            Entry(_("智能审批"), "/console/decisions/", "decisions.see", "lamp", _("规则当场办结的，停用开关和抽检")),
            Entry(_("待退费用"), "/console/refunds/", "cases.receive", "money", _("窗口收的费，退给缴款人后记下")),
            Entry(_("查登记信息"), "/console/registries/", "registries.look", "search", _("为办件核对人口库和法人库")),
            Entry(_("查验证照"), "/console/licences/look/", "licences.look", "search", _("扫亮证码，或凭授权查证照")),
            Entry(
                _("证照管理"), "/console/licences/", "licences.see", "folder", _("本部门颁发的证照：变更、暂扣、注销")
            ),
            Entry(_("证照类型"), "/console/licences/types/", "licences.design", "draft", _("证照写什么、长什么样")),
            Entry(
                _("证照汇聚"),
                "/console/licences/gathering/",
                "licences.gather licences.manage",
                "swap",
                _("历史证照分六步归集入库，另一位同事核对签发"),
            ),
            Entry(
                _("共享应用场景"),
                "/console/licences/scenes/",
                "licences.share licences.open_scenes",
                "swap",
                _("依法用别的部门的证照：提出、答复、确认流程、开通"),
            ),
            Entry(
                _("登记信息有误"), "/console/objections/", "registries.look", "alert", _("申请人说自动填入的内容不对")
            ),
            Entry(_("电子印章"), "/console/seals/", "seals.see", "shield", _("申请、备案、保管和用印")),
            Entry(_("代理"), "/console/deputies/", "identity.depute", "swap", _("外出时请同事代办，到期自动结束")),
        ),
    ),
    Group(
        _("事项"),
        (
            Entry(_("公共库"), "/console/authoring/library/", "items.manage", "list", _("各张表共用的分组和字段")),
            Entry(_("事项编制"), "/console/authoring/", "items.manage", "draft", _("新建、修改事项，提交审核")),
            Entry(_("事项清单"), "/console/items/", "items.manage", "list", _("核对本部门的事项，改正清单里的问题")),
            Entry(_("文书模板"), "/console/letters/", "items.manage", "file", _("本部门自己的受理、补正、决定等文书")),
            Entry(_("通知模板"), "/console/notices/", "items.manage", "mail", _("本部门自己的站内消息、短信和邮件")),
            Entry(_("目录清单"), "/console/items/basic/", "items.see", "list", _("本区可以办什么，哪些还没有部门认领")),
            Entry(_("代码表"), "/console/items/tables/", "items.keep_tables", "list", _("各部门共用的代码和同义说法")),
            Entry(_("全程网办"), "/console/items/online/", "items.see", "lamp", _("三张清单，堵在哪里，怎样打通")),
            Entry(_("事项导入导出"), "/console/items/exchange/", "items.manage", "swap", _("整批导出、导入，逐行检查")),
        ),
    ),
    Group(
        _("数据"),
        (
            Entry(
                _("数据资源目录"), "/console/catalogue/", icon="folder", note=_("各部门有哪些系统、哪些数据，怎样共享")
            ),
            Entry(
                _("本部门编目"),
                "/console/catalogue/mine/",
                "catalogue.write",
                "draft",
                _("列出本部门的系统和数据资源，提交审核"),
            ),
            Entry(
                _("目录审核"),
                "/console/catalogue/reviews/",
                "catalogue.review catalogue.publish",
                "inbox",
                _("部门审核以后平台审核，通过才发布"),
            ),
            Entry(
                _("基础库"),
                "/console/registers/",
                "registries.see",
                "folder",
                _("人口、法人等库：一数一源、不一致和重复"),
            ),
            Entry(
                _("数据归集"), "/console/gathering/", "gathering.see", "swap", _("各部门的数据每天进湖，晚了该谁处理")
            ),
            Entry(_("数据质量"), "/console/quality/", "quality.see", "lamp", _("按规则检查数据，给部门派工单")),
            Entry(_("数据标准"), "/console/standards/", "standards.see", "list", _("代码集和数据元：修订、审核、对照")),
            Entry(
                _("行政区划和地址"),
                "/console/places/",
                "places.see",
                "folder",
                _("区划的树和边界、标准地址，都在地图上"),
            ),
            Entry(
                _("主题库"), "/console/topics/", "topics.see", "list", _("办件、证照、申请人，一分钟内变成可以分析的表")
            ),
            Entry(
                _("数据血缘"), "/console/lineage/", "lineage.see", "arrow", _("数据从哪里来、用到哪里，变了谁会受影响")
            ),
        ),
    ),
    Group(
        _("监察与评价"),
        (
            Entry(_("效能监察"), "/console/supervision/", "supervision.see", "lamp", _("各部门的灯、超期和督办")),
            Entry(_("好差评"), "/console/evaluations/", "evaluation.see", "star", _("群众怎样评价")),
        ),
    ),
    Group(
        _("机构与人员"),
        (
            Entry(
                _("机构"), "/console/organisations/", "organisations.manage", "department", _("区划、部门、大厅和岗位")
            ),
            Entry(_("窗口核验本人"), "/console/persons/", "persons.verify", "person", _("核对身份证，提升实名等级")),
            Entry(_("账号与岗位"), "/console/staff/", "identity.manage_accounts", "staff", _("谁在哪个岗位")),
            Entry(_("权限"), "/console/rights/", "identity.manage_rights", "staff", _("谁能做什么，密钥和解锁")),
        ),
    ),
    Group(
        _("运行"),
        (
            Entry(_("证书服务"), "/console/trust/", "trust.see", "staff", _("密钥和证书：申请、审核、暂停、吊销")),
            Entry(
                _("威胁看板"),
                "/console/threats/",
                "threats.see",
                "alert",
                _("异常登录、越权查看和导出：告警、处理、复核"),
            ),
            Entry(_("审计"), "/console/audit/", "audit.see", "audit", _("谁在什么时候做了什么")),
            Entry(
                _("运行状态"),
                "/console/operations/",
                "operations.see",
                "lamp",
                _("任务、数据库、备份、证书、时钟和磁盘"),
            ),
            Entry(_("后台任务"), "/console/tasks/", "tasks.see", "task", _("排队、失败和重试")),
            Entry(_("发件箱"), "/console/outbox/", "notifications.see_outbox", "mail", _("发出的短信和邮件")),
        ),
    ),
)


def allowed(group: Group, actor: Actor) -> list[Entry]:
    return [
        entry for entry in group.entries if not entry.verb or not actor.grants.keys().isdisjoint(entry.verb.split())
    ]


def menu_for(actor: Actor, path: str) -> list[Group]:
    """The groups and entries this actor may enter; the one that leads here, the nearest of several, is marked."""
    entered = [entry for group in MENU for entry in allowed(group, actor) if _leads_to(entry, path)]
    here = max(entered, key=lambda entry: len(entry.url), default=None)
    shown = []
    for group in MENU:
        entries = tuple(replace(entry, current=entry is here) for entry in allowed(group, actor))
        if entries:
            shown.append(Group(group.title, entries))
    return shown


def _leads_to(entry: Entry, path: str) -> bool:
    return path == entry.url or (entry.url != "/console/" and path.startswith(entry.url))
