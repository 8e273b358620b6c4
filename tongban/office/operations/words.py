"""What operators call each measure, how its value is written, what to do when it is red, and where docs/operations.md says more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """`see` is a heading of docs/operations.md. With `absent`, a house without this measure is red, and this says so."""

    title: Any
    shown: Callable[[float], str]
    advice: Any
    see: str
    absent: Any = ""


def count(value: float) -> str:
    return f"{value:,.0f}"


def percent(value: float) -> str:
    return f"{value:.0%}"


def span(seconds: float) -> str:
    """A length of time in its largest fitting unit."""
    if seconds < 90:
        return gettext("%(number)s秒") % {"number": f"{seconds:.3g}"}
    if seconds < 5400:
        return gettext("%(number)s分钟") % {"number": f"{seconds / 60:.0f}"}
    if seconds < 172_800:
        return gettext("%(number)s小时") % {"number": f"{seconds / 3600:.0f}"}
    return days(seconds / 86_400)


def days(value: float) -> str:
    return gettext("%(number)s天") % {"number": f"{value:.0f}"}


def yes(value: float) -> str:
    return gettext("是") if value else gettext("否")


SECTIONS: list[tuple[Any, dict[str, Words]]] = [
    (
        _("后台任务"),
        {
            "tongban_processes": Words(
                _("在运行的进程"), count, _("这台机器上的这类进程都没有响应：systemctl status 看原因，再启动。"),
                "A process is silent", absent=_("没有一个进程报到。"),
            ),
            "tongban_jobs_oldest_seconds": Words(
                _("最早的任务已等待"), span, _("后台进程没有运行，或任务太多：先看后台进程，再增加一个。"), "Jobs wait",
            ),
            "tongban_jobs_failed": Words(
                _("失败的任务"), count, _("打开后台任务，查明原因后重新执行；确实不需要的，写明理由放弃。"), "Jobs failed",
            ),
        },
    ),
    (
        _("数据库"),
        {
            "tongban_database_size_bytes": Words(_("大小"), filesizeformat, "", "Sizes by city"),
            "tongban_database_connections_ratio": Words(
                _("已用连接"), percent, _("连接快用完了：看哪些进程占着，必要时提高 max_connections。"), "Connections run out",
            ),
            "tongban_database_longest_transaction_seconds": Words(
                _("最长的事务"), span, _("有事务迟迟不结束，会挡住清理：在下面找到它，问清后终止。"), "A transaction does not end",
            ),
            "tongban_database_waiting_for_locks": Words(
                _("等锁的连接"), count, _("许多请求在等同一把锁：在下面找到最早开始的语句。"), "A transaction does not end",
            ),
            "tongban_database_oldest_xid": Words(
                _("最老的事务号年龄"), count, _("自动清理跟不上：检查 autovacuum，安排 vacuum freeze。"), "Vacuum falls behind",
            ),
            "tongban_standby_behind_seconds": Words(
                _("备库落后"), span, _("检查备库和网络；同步备库落后时写入也会变慢。"), "The standby falls behind",
            ),
        },
    ),
    (
        _("备份"),
        {
            "tongban_backup_age_seconds": Words(
                _("上次完整备份距今"), span, _("查看 tongban-backup 服务的日志；先手工执行一次 tongban backup take。"), "The backup is old",
                absent=_("没有备份在进行。机器一旦损坏，数据就没有了。"),
            ),
            "tongban_backup_carried_seconds": Words(
                _("日志上次送达距今"), span, _("备份进程停了，或备份盘不可写：这段时间的数据只在本机。"), "The backup is old",
            ),
            "tongban_backup_log_behind_bytes": Words(
                _("尚未送出的日志"), filesizeformat, _("备份跟不上，日志堆在数据库的磁盘上。"), "The backup is old",
            ),
            "tongban_drill_age_seconds": Words(
                _("上次恢复演练距今"), span, _("执行一次 tongban drill。"), "The drill",
                absent=_("还没有演练过。没有恢复过的备份不能算备份。"),
            ),
            "tongban_drill_differing": Words(
                _("演练中不一致之处"), count, _("保留两边的数据，查明原因；在此之前另做一份备份。"), "The drill",
            ),
        },
    ),
    (
        _("证书"),
        {
            "tongban_certificate_days_left": Words(
                _("最近到期"), days, _("由系统管理员在证书服务里续期；网站证书请换好文件后重载 nginx。"), "A certificate ends",
                absent=_("还没有任何证书。"),
            ),
        },
    ),
    (
        _("时钟和磁盘"),
        {
            "tongban_clock_skew_seconds": Words(
                _("与数据库时钟相差"), span, _("时限和时间戳会不准：检查这台机器的 chrony。"), "A clock is off",
            ),
            "tongban_clock_synchronised": Words(
                _("时钟由时间服务器校准"), yes, _("没有时间服务器校准这台机器：安装并启动 chrony。"), "A clock is off",
            ),
            "tongban_disk_free_ratio": Words(
                _("磁盘剩余"), percent, _("尽快扩容，或移走旧备份和日志。磁盘一满，写入就会停。"), "A disk fills up",
            ),
        },
    ),
    (
        _("对外通道和登录"),
        {
            "tongban_notices_oldest_seconds": Words(
                _("最早未发出的通知"), span, _("短信或邮件网关不通：看发件箱里的原因，联系运营商。"), "A gateway is silent",
            ),
            "tongban_notices_recently": Words(_("近一小时的通知"), count, "", "A gateway is silent"),
            "tongban_payments_recently": Words(_("近一小时的缴费"), count, "", "A gateway is silent"),
            "tongban_sign_ins_failed_recently": Words(
                _("近五分钟登录失败"), count, _("可能有人在试密码：请安全管理员查看。"), "Many sign-ins fail",
            ),
        },
    ),
]  # fmt: skip

# What stands in labels, where it is a word of ours.
LABELS: dict[str, Any] = {
    "web": _("网站"), "worker": _("后台任务"), "default": "", "data": _("数据文件夹"), "backup": _("备份"),
    "root": _("根证书"), "issuing": _("签发证书"), "ocsp": _("状态查询"), "tsa": _("时间戳"),
    "platform": _("平台"), "department": _("部门"), "seal": _("电子印章"), "software": _("软件系统"),
    "tls": _("网站证书"), "sm2": "SM2", "p256": "P-256", "sms": _("短信"), "email": _("电子邮件"),
    "sent": _("已发送"), "no_address": _("未留联系方式"), "given_up": _("已放弃"), "waiting": _("待发送"),
    "sending": _("发送中"), "failed": _("未成功"), "paid": _("成功"), "started": _("已发起"),
    "extra": _("重复缴费"), "none": "",
}  # fmt: skip
