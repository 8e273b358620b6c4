"""What each watch, state and verb is called."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "failed_account": _("同一账号连续登录失败"),
    "failed_address": _("同一网络地址反复登录失败"),
    "second_factor": _("二次验证连续失败"),
    "wrong_key": _("反复使用无效的系统密钥"),
    "refused": _("反复尝试没有权限的操作"),
    "others_ids": _("反复打开不属于自己的编号"),
    "limit": _("访问次数超过上限"),
    "signature": _("反复拿签名不对的文件来核验"),
    "looks": _("没有在办事项却查看个人信息"),
    "exports": _("短时间内多次导出"),
    "export_hours": _("非工作时间导出"),
    "export_size": _("一次导出的数量过大"),
    "export_unusual": _("导出次数远超本人平常"),
    "administrators": _("新任管理员"),
    "house": _("程序、配置或管理员任职与记录不符"),
    "trail": _("审计记录被改动"),
}
UNITS = {"export_size": _("行"), "export_unusual": _("倍")}
