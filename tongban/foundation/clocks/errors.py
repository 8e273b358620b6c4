"""How a clock says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import NotFound, Reason, Refused

WORDS = {
    "already_started": _("这项时限已经开始计算，不能重复开始。"),
    "ended": _("这项时限已经结束。"),
    "before_start": _("日期早于时限的起算日，请核对。"),
    "already_extended": _("已经延长过一次，依法不能再次延长。"),
    "no_days": _("延长的天数至少为一个工作日。"),
    "too_late": _("时限已过，不能再延长；应在原时限届满前作出延长决定。"),
    "not_suspended": _("当前没有暂停计时，无需恢复。"),
    "before_suspension": _("恢复日期早于暂停日期，请核对。"),
}


class ClockRefused(Refused):
    """A clock cannot be started, suspended, resumed or extended so; `reasons` says why."""

    code, title = "clocks.refused", _("时限无法这样调整。")

    @classmethod
    def because(cls, faults: list[str]) -> "ClockRefused":
        return cls(reasons=[Reason(f"clocks.{fault}", WORDS[fault]) for fault in faults])


class NoSuchClock(NotFound):
    """Nothing of this subject and kind is being timed."""

    code, title = "clocks.no_such_clock", _("没有找到这项时限。")


class CalendarRefused(Refused):
    """A holiday notice cannot be read."""

    code, title = "clocks.calendar_refused", _("节假日数据无法读取，请检查文件。")
