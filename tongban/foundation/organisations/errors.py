"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused


class OrganisationRefused(Refused):
    code, title = "organisations.refused", _("机构信息有误，请更正后再保存。")
