"""Ways this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused


class WithdrawalRefused(Refused):
    code, title = "supervision.withdrawal_refused", _("灯还不能撤销，请按提示更正。")


SENTENCES = {
    "not_lit": _("这个办件没有亮黄牌或红牌。"),
    "closed": _("这个办件已经办结，不能再撤销。"),
    "reason_too_short": _("请写明撤销的理由，至少6个字；承办部门能看到。"),
    "reason_too_long": _("理由不能超过500字。"),
    "withdrawn_before": _("这个办件的这盏灯已经撤销过。"),
}
