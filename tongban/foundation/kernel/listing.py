"""Several words in a row, as the reader's language parts them. The one place for it; templates have it as the filter `listed`."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(words: Iterable[object]) -> str:
    """甲、乙 in Chinese, A, B in English. For what is shown now, not for what is kept."""
    return _("、").join(str(word) for word in words)
