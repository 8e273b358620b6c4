"""The reasons every form shares: something was left empty, or is longer than there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from tongban.foundation.kernel.errors import Reason


def typed_reasons(model: type[models.Model], fields: dict[str, Any], needed: dict[str, str]) -> list[Reason]:
    """One reason for each of `needed` (name → word) that is given and empty, and for each text too long for `model`."""
    return [*_missing(fields, needed), *_too_long(model, fields)]


def _missing(fields: dict[str, Any], needed: dict[str, str]) -> Iterator[Reason]:
    for name, word in needed.items():
        if name in fields and not str(fields[name]).strip():
            yield Reason("missing", _("请填写%(what)s。") % {"what": word}, name)


def _too_long(model: type[models.Model], fields: dict[str, Any]) -> Iterator[Reason]:
    for name, value in fields.items():
        longest = getattr(model._meta.get_field(name), "max_length", None)
        if longest and len(str(value)) > longest:
            yield Reason("too_long", _("最多%(longest)s个字，请改短。") % {"longest": longest}, name)
