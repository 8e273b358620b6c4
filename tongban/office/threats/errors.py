"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused


class AlertRefused(Refused):
    code, title = "threats.alert_refused", _("这条告警没有处理，请按提示更正。")


class RuleRefused(Refused):
    code, title = "threats.rule_refused", _("规则没有保存，请按提示更正。")
