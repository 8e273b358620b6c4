"""Everything that can be done with rules that decide by themselves, and with what they decided."""

from .considering import Verdict, consider

__all__ = ["Verdict", "consider"]
