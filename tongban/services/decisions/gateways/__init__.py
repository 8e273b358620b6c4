"""Asking registers, each within its time, none of them believed when late, broken or at odds with itself."""

from .asking import Answer, asked, unheard

__all__ = ["Answer", "asked", "unheard"]
