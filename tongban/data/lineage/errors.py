"""What the lineage refuses."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused


class KeyMissing(Refused):
    code, title = "lineage.key_missing", _("请把主键的每一项都填上。")
