"""How months say no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import NotFound, Refused


class NoSuchMonth(NotFound):
    code, title = "months.none", _("没有这个月份的归档。")


class MonthDamaged(Refused):
    code, title = "months.damaged", _("归档文件与归档时的记录不一致，未恢复。")
