"""The reason every form shares: something was left empty."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.errors import Reason


def missing(fields: dict[str, Any], needed: dict[str, str]) -> list[Reason]:
    """One reason for each of `needed` (name → word) that is given and empty."""
    return [
        Reason("missing", _("请填写%(what)s。") % {"what": word}, name)
        for name, word in needed.items()
        if name in fields and not str(fields[name]).strip()
    ]
