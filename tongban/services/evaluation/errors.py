"""Ways this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused


class RatingRefused(Refused):
    """What was given cannot be taken as a rating; `reasons` lists everything."""

    code, title = "evaluation.refused", _("评价还不能提交，请按提示更正。")


class NotRateable(Conflict):
    """The case cannot be rated, or not any more; `reasons` says why."""

    code, title = "evaluation.not_rateable", _("这个办件现在不能评价。")


SENTENCES = {
    "not_closed": _("办件还没有办结，办结后才能评价。"),
    "nothing_to_rate": _("这个办件已作废，不需要评价。"),
    "too_late": _("评价期限已过。如有意见，可以拨打12345政务服务热线。"),
    "rated_before": _("您已经评价过这个办件，每个办件评价一次。"),
    "not_rated": _("您还没有评价这个办件，请先评价。"),
    "supplemented_before": _("您已经追加过评价，每个办件追评一次。"),
    "stars_missing": _("请选择一个满意程度。"),
    "reason_of_another_level": _("所选的评价理由与满意程度不对应，请重新选择。"),
    "text_too_long": _("文字意见不能超过500字，请删减后再提交。"),
    "nothing_written": _("请写下您想追加的意见。"),
}
