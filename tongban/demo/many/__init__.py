"""A city of any size in little time, to measure and to try lists on: written by the database itself, past the actions, never for real use.

Of ten million cases come a million people and a hundred thousand companies with their register entries. Every column holds what
the actions would have left there, so that pages open them as any other; but cases carry a few answers only and no materials,
letters or files, and what is older than the last months has no steps, clocks and facts any more.
"""

from .making import make_many

__all__ = ["make_many"]
