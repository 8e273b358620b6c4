"""A new definition, the gaps of an unfinished one, and where a finding belongs."""

from .gaps import Gap, filled, gaps_in, pointer
from .links import OFFLINE, is_cut_off, is_phone, urls_in
from .skeleton import skeleton

__all__ = ["OFFLINE", "Gap", "filled", "gaps_in", "is_cut_off", "is_phone", "pointer", "skeleton", "urls_in"]
