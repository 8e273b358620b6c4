"""数据分级: how sensitive data are, and up to which grade somebody is cleared. `actors` alone compares the two."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PUBLIC, INTERNAL, SENSITIVE, HIGHLY_SENSITIVE = GRADES = (1, 2, 3, 4)
WORDS = {
    PUBLIC: _("一级（公开）"),
    INTERNAL: _("二级（内部）"),
    SENSITIVE: _("三级（敏感）"),
    HIGHLY_SENSITIVE: _("四级（高敏感）"),
}
UNCLEARED = INTERNAL  # a member of staff whom nobody has cleared for more
