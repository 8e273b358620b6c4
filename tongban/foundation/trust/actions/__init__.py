"""Everything that can be done with keys and certificates."""

from .authority import ready_authority
from .keys import key_for, sign, sign_record

__all__ = ["key_for", "ready_authority", "sign", "sign_record"]
