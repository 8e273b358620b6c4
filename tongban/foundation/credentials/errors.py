"""How credentials say no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import NotFound


class NoSuchList(NotFound):
    code, title = "credentials.no_list", _("没有这份状态清单。")
