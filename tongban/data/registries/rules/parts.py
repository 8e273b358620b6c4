"""What a name is found by in part: its pairs of neighbouring characters, kept as fingerprints.

Only of what anybody may know: a register whose key is no person's, by elements that are not masked. Pairs of a person's name would give
the name away: surnames are few, and how often a fingerprint occurs tells which it is.
"""

from __future__ import annotations

import re
import unicodedata

BETWEEN = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Full width and half, small letters and capitals, brackets and blanks: written one way."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def pairs_of(text: str) -> list[str]:
    """Each once, in order; of a single character none."""
    plain = folded(text)
    return sorted({plain[place : place + 2] for place in range(len(plain) - 1)})
