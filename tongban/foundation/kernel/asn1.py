"""What asn1crypto 1.5.1 gets wrong about encoding, and what it does too often.

Imported by whatever makes or reads certificates and signatures; the library is corrected in that process from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from asn1crypto import core

Settled = TypeVar("Settled", bound=core.Asn1Value)
ENDS_LATER = b"\x80"  # the length octet of a value of indefinite length (X.690, 8.1.3.6)


def settled(value: Settled) -> Settled:
    """The same, encoded for good: asn1crypto encodes anew what was built, part by part, whenever anything around it is asked for."""
    return type(value).load(value.dump())


def _as_it_came(dump: Callable[..., bytes]) -> Callable[..., bytes]:
    """A length whose last octet happens to be 80 is taken for an indefinite one, and all below is encoded anew: several times on
    each level, so that a seal now and then took minutes, and in an order of its own, so that what was signed could change.
    """

    @wraps(dump)
    def mended(self: Any, force: bool = False) -> bytes:
        header = self._header
        if not force and header is not None and len(header) > 2 and header.endswith(ENDS_LATER):
            contents = self.contents
            if self._header is header:  # nothing below was changed meanwhile
                return bytes(header + contents + self._trailer)
        return dump(self, force)

    return mended


for _kind in (core.Asn1Value, core.Primitive, core.Sequence, core.SequenceOf):
    _kind.dump = _as_it_came(_kind.dump)
