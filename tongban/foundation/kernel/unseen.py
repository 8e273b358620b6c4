"""Characters nobody sees, and marks that turn the reading round: no text that officials write keeps them. NUL is refused before."""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def seen(text: str) -> str:
    """A text without them, and without blanks at its ends."""
    return UNSEEN.sub("", text).strip()
