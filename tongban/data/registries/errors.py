"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused


class LookRefused(Refused):
    """A register is only opened for a stated purpose and with a whole number."""

    code, title = "registries.look_refused", _("不能查询登记信息。")
