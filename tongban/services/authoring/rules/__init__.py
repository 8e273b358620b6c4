"""A new definition, the gaps of an unfinished one, and where a finding belongs."""

from .gaps import Gap, filled, gaps_in, pointer
from .situations import situations_in
from .skeleton import skeleton

__all__ = ["Gap", "filled", "gaps_in", "pointer", "situations_in", "skeleton"]
